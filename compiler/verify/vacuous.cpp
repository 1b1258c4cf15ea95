// WEIR0211: a property that no policy and no pod can touch, most often because a name is misspelt.
#include <algorithm>

#include "compiler/verify/members.h"
#include "compiler/verify/party.h"
#include "compiler/verify/statements.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

/// The parties of a statement that can be pods.
struct PartiesOf {
  using List = std::vector<const Parties*>;
  List operator()(const ReachInvariant& reach) const { return {&reach.source, &reach.destination}; }
  List operator()(const OnlyInvariant& only) const { return {&only.source, &only.destination}; }
  List operator()(const IsolatedInvariant& isolated) const { return {&isolated.who}; }
  List operator()(const CoveredInvariant& covered) const { return {&covered.who}; }
  List operator()(const BandwidthInvariant& bandwidth) const { return {&bandwidth.who}; }
  List operator()(const ServesInvariant&) const { return {}; }
  List operator()(const ExposesInvariant& exposes) const { return {&exposes.who}; }
};

/// Of another kind than pods, which need not be in the input.
bool is_outside(const std::vector<EndBox>& ends) {
  return std::any_of(ends.begin(), ends.end(), [](const EndBox& end) { return end.kind != 0; });
}

bool in_inventory(const ir::Cluster& cluster, const Parties& parties) {
  const auto is_there = [&](const InvariantParty& party) {
    const auto* name = std::get_if<NamespaceParty>(&party);
    const auto& all = cluster.namespaces;
    return name != nullptr && std::any_of(all.begin(), all.end(), [&](const ir::Namespace& one) { return one.name == name->name; });
  };
  return std::any_of(parties.begin(), parties.end(), is_there) ||
         std::any_of(cluster.pods.begin(), cluster.pods.end(), [&](const ir::Pod& pod) { return is_member(cluster, pod, parties); });
}

/// Whether a rule selects such a pod or has it as a peer.
bool in_policies(const CheckContext& context, const std::vector<EndBox>& ends) {
  const auto meets = [&](const EndBox& other) {
    return std::any_of(ends.begin(), ends.end(), [&](const EndBox& end) {
      return other.kind == end.kind && context.rules.space().overlaps(other, end);
    });
  };
  for (std::uint32_t i = 0; i < context.policies().rules.size(); ++i) {
    const RuleRegion& region = context.rules.region(ir::RuleId{i});
    if ((region.subject && meets(*region.subject)) || std::any_of(region.peers.begin(), region.peers.end(), meets)) return true;
  }
  return false;
}

/// The party that nothing touches. An input without pods and namespaces is policies alone: then one known party is enough.
const Parties* untouched_party(const CheckContext& context, const Statement& statement) {
  const ir::Cluster& cluster = context.cluster();
  const bool policies_alone = cluster.pods.empty() && std::none_of(cluster.namespaces.begin(), cluster.namespaces.end(),
                                                                   [](const ir::Namespace& one) { return one.origin.known(); });
  const Parties* untouched = nullptr;
  for (const Parties* parties : std::visit(PartiesOf{}, statement.invariant.statement)) {
    const auto ends = ends_of(context.rules.space(), statement.keys, *parties);
    if (!ends || is_outside(*ends)) continue;
    if (!in_inventory(cluster, *parties) && !in_policies(context, *ends))
      untouched = parties;
    else if (policies_alone)
      return nullptr;
    if (untouched != nullptr && !policies_alone) break;
  }
  return untouched;
}

}  // namespace

void check_vacuous(const CheckContext& context, const Statement& statement) {
  const Parties* untouched = untouched_party(context, statement);
  if (untouched == nullptr) return;
  ir::Diagnostic found;
  found.kind = ir::Code::InvariantVacuous;
  found.primary = statement.invariant.origin;
  found.detail = "nothing can touch this statement: no pod of the inventory is `" + to_text(*untouched) + "`, and no policy selects or names such a pod";
  found.fix = "look for a misspelt namespace or label, or delete the statement";
  context.diagnostics.report(std::move(found));
}

}  // namespace weir::compiler
