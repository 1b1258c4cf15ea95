#include "simulator/flows/party_reader.h"

#include <cstring>

namespace weir::simulator {
namespace {

/// Identities from here on are numbered by each node for itself (flows.md 1.3).
constexpr std::int64_t kNodeLocalIdentity = 1 << 24;

/// "source:key=value" with a key; what has none is no label.
bool has_key(std::string_view label) {
  label = label.substr(0, label.find('='));
  const std::size_t colon = label.find(':');
  return colon == std::string_view::npos ? !label.empty() : colon + 1 < label.size();
}

/// What follows from the labels of a party.
void derive(Party& party) {
  constexpr std::string_view kCluster = "k8s:io.cilium.k8s.policy.cluster=";
  for (const std::string& label : party.labels) {
    if (party.cluster.empty() && label.starts_with(kCluster)) party.cluster = label.substr(kCluster.size());
    party.ignored = party.ignored || label == "reserved:health" || label == "reserved:unknown";
  }
  if (party.labels.empty() && party.identity == 4) party.ignored = true;
}

}  // namespace

void PartyReader::put(char tag, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  if (used_ + 5 + size > scratch_.size()) scratch_.resize(2 * (used_ + 5 + size));
  char* at = scratch_.data() + used_;
  *at = tag;
  std::memcpy(at + 1, &size, 4);
  // An empty view may hold no pointer at all.
  if (size > 0) std::memcpy(at + 5, text.data(), size);
  used_ += 5 + size;
}

void PartyReader::put_identity(std::int64_t number) {
  const auto identity = static_cast<std::uint32_t>(number > 0 && number < kNodeLocalIdentity ? number : 0);
  put('i', {reinterpret_cast<const char*>(&identity), 4});
}

void PartyReader::put_label(std::string_view label) {
  if (has_key(label)) put('l', label);
}

Party PartyReader::build() const {
  Party party;
  for (std::size_t at = 0; at < used_;) {
    std::uint32_t size;
    std::memcpy(&size, scratch_.data() + at + 1, 4);
    const std::string_view text(scratch_.data() + at + 5, size);
    switch (scratch_[at]) {
      case 'i': std::memcpy(&party.identity, text.data(), 4); break;
      case 'c': party.cluster = text; break;
      case 'n': party.namespace_name = text; break;
      case 'p': party.pod = text; break;
      case 'l': party.labels.emplace_back(text); break;
      case 'w': party.workload = text; break;
      default: party.workload_kind = text; break;
    }
    at += 5 + size;
  }
  derive(party);
  return party;
}

}  // namespace weir::simulator
