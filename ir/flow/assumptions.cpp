#include "ir/flow/assumptions.h"

#include <algorithm>

namespace weir::ir {
namespace {

using Texts = std::vector<std::string>;

// policy.md 3.11, 5.6, 2.10
void add_side(const PolicySet& policies, const SideDecision& side, Direction direction, Texts& into) {
  for (const RuleId id : side.decided_by) {
    const Rule& rule = policies.rule(id);
    into.insert(into.end(), rule.assumptions.begin(), rule.assumptions.end());
    if (side.verdict != Verdict::Unknown || !rule.peers) continue;
    for (const Peer& peer : *rule.peers) {
      if (std::holds_alternative<FqdnPeer>(peer)) into.push_back("no DNS name is known for the address, and a rule names `" + to_text(peer).substr(5) + "`");
      if (std::holds_alternative<UnresolvedPeer>(peer)) into.push_back("only its provider knows " + to_text(peer).substr(11));
    }
  }
  if (side.authenticate) into.push_back("authentication required by the " + std::string(to_text(direction)) + " policy");
  if (side.audit) into.push_back("the " + std::string(to_text(direction)) + " policy is in audit: reported, not enforced");
}

void add_l7(const PolicySet& policies, const L7Decision& l7, Texts& into) {
  for (const RuleId id : l7.decided_by) {
    const Rule& rule = policies.rule(id);
    into.insert(into.end(), rule.assumptions.begin(), rule.assumptions.end());
    if (!rule.l7 || l7.verdict != Verdict::Unknown) continue;
    if (!rule.l7->listener.empty()) into.push_back("listener " + rule.l7->listener + " decides about the request");
    if (!rule.l7->parser.empty()) into.push_back("weir does not simulate the parser " + rule.l7->parser);
  }
}

// policy.md 8.2: a default deny or a Baseline rule decided where the order of the two matters.
void add_baseline(const PolicySet& policies, const SideDecision& side, Texts& into) {
  const bool baseline = std::any_of(side.decided_by.begin(), side.decided_by.end(),
                                    [&](RuleId id) { return policies.rule(id).tier == Tier::Baseline; });
  if (baseline && side.verdict == Verdict::Allowed) into.push_back("derived.baseline_before_default_deny");
}

}  // namespace

Texts assumptions_of(const PolicySet& policies, const Settings& settings, const Decision& decision) {
  Texts all;
  add_side(policies, decision.egress, Direction::Egress, all);
  add_side(policies, decision.ingress, Direction::Ingress, all);
  if (decision.l7) add_l7(policies, *decision.l7, all);
  if (settings.derived_baseline_before_default_deny) {
    add_baseline(policies, decision.egress, all);
    add_baseline(policies, decision.ingress, all);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace weir::ir
