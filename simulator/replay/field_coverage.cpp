#include "simulator/replay/field_coverage.h"

#include <string_view>

namespace weir::simulator {
namespace {

/// In the order of `present_`.
constexpr std::array<std::string_view, 8> kNames = {"verdict", "IP", "l4", "event_type", "source", "destination", "node_name", "time"};

bool is_described(const Party& party) { return party.identity != 0 || !party.labels.empty() || !party.pod.empty(); }

}  // namespace

void FieldCoverage::add(const Record& flow, const Parties& parties, std::uint64_t flows) {
  // Socket events lack half of the fields by nature.
  if (flow.type == FlowType::Sock || flow.event_type == kSock) return;
  flows_ += flows;
  present_[0] += flow.verdict != FlowVerdict::Unknown ? flows : 0;
  present_[1] += (flow.source_address.has_value() && flow.destination_address.has_value()) ? flows : 0;
  present_[2] += (flow.has_ports || flow.not_policed) ? flows : 0;
  present_[3] += flow.event_type != 0 ? flows : 0;
  present_[4] += is_described(parties.at(flow.source)) ? flows : 0;
  present_[5] += is_described(parties.at(flow.destination)) ? flows : 0;
  present_[6] += flow.node.index != 0 ? flows : 0;
  present_[7] += flow.has_time ? flows : 0;
}

void FieldCoverage::merge(const FieldCoverage& other) {
  flows_ += other.flows_;
  for (std::size_t i = 0; i < kFields; ++i) present_[i] += other.present_[i];
}

std::vector<std::string> FieldCoverage::missing() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kFields; ++i)
    if (present_[i] * 2 < flows_) names.emplace_back(kNames[i]);
  return names;
}

}  // namespace weir::simulator
