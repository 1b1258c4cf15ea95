// Tested by tests/unit/simulator/segments/party_test.cpp.

#include "simulator/flows/party_key.h"

#include <cstring>

namespace weir::simulator {
namespace {

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

bool take_field(std::string_view& key, PartyField& field) {
  if (key.size() < 5) return false;
  std::uint32_t size;
  std::memcpy(&size, key.data() + 1, 4);
  if (key.size() - 5 < size) return false;
  field = {key[0], key.substr(5, size)};
  key.remove_prefix(5 + std::size_t{size});
  return true;
}

Party party_of_key(std::string_view key) {
  Party party;
  for (PartyField field; take_field(key, field);) {
    switch (field.tag) {
      case 'i': std::memcpy(&party.identity, field.value.data(), std::min<std::size_t>(4, field.value.size())); break;
      case 'c': party.cluster = field.value; break;
      case 'n': party.namespace_name = field.value; break;
      case 'p': party.pod = field.value; break;
      case 'l': party.labels.emplace_back(field.value); break;
      case 'w': party.workload = field.value; break;
      default: party.workload_kind = field.value; break;
    }
  }
  derive(party);
  return party;
}

PartyId intern(Parties& parties, std::string_view key) {
  const std::uint64_t hash = hash_bytes(key);
  const std::uint32_t known = parties.find(key, hash);
  return known != Parties::kNone ? PartyId{known} : parties.add(key, hash, party_of_key(key));
}

}  // namespace weir::simulator
