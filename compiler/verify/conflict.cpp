// WEIR0202 allow-contradicted-by-deny. Deny beats allow whatever is more specific (policy.md 4.3), so an author who wrote
// the allow may wait in vain. Tested by tests/unit/compiler/verify/conflict_test.cpp.
#include <algorithm>

#include "compiler/verify/checks.h"
#include "compiler/verify/cover.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::RuleId;

struct Conflict {
  RuleId deny;
  ConnectionWitness example;
};

/// Rules that are asked before the deny: what they decide it does not take away.
std::vector<RuleId> before(const CheckContext& context, RuleId deny, const std::vector<RuleId>& meeting) {
  std::vector<RuleId> found;
  for (const RuleId other : meeting)
    if (asked_before(context.policies().rule(other), context.policies().rule(deny))) found.push_back(other);
  return found;
}

/// A connection that the allow matches and the deny decides, as the evaluator confirms.
std::optional<Conflict> conflict(const CheckContext& context, RuleId allow, RuleId deny, const std::vector<RuleId>& meeting) {
  std::vector<ConnectionBox> common;
  for (const ConnectionBox& box : context.rules.boxes(allow))
    for (ConnectionBox& part : context.rules.part(deny, box)) common.push_back(std::move(part));
  if (common.empty()) return std::nullopt;
  Cover earlier = cover(context.rules, std::move(common), before(context, deny, meeting), context.limits.pieces);
  if (!earlier.left_out) {
    if (earlier.gave_up) give_up(context, ir::Code::AllowContradicted, allow, "too many rules are asked before the deny");
    return std::nullopt;
  }
  const auto side = decide_side(context.policies(), context.cluster(), earlier.left_out->flow,
                                context.policies().rule(allow).direction);
  const bool decides = std::find(side.decided_by.begin(), side.decided_by.end(), deny) != side.decided_by.end();
  if (side.verdict != ir::Verdict::Denied || side.reason != ir::DropReason::PolicyDeny || !decides) return std::nullopt;
  return Conflict{deny, std::move(*earlier.left_out)};
}

void report(const CheckContext& context, RuleId allow, const std::vector<Conflict>& conflicts) {
  const ir::Rule& rule = context.policies().rule(allow);
  std::vector<RuleId> denies;
  ir::Diagnostic found;
  found.kind = ir::Code::AllowContradicted;
  found.primary = rule.origin;
  for (const Conflict& conflict : conflicts) {
    denies.push_back(conflict.deny);
    if (found.labels.size() < 4)
      found.labels.push_back({context.policies().rule(conflict.deny).origin, "this deny wins where both match"});
  }
  found.detail = "part of what the allow `" + rule_name(context.policies(), allow) + "` matches is taken away by " +
                 rule_names(context.policies(), denies);
  found.notes = witness_notes(conflicts.front().example, "denied");
  found.fix = "leave the denied part out of the allow, or narrow the deny";
  found.witness = witness_json(conflicts.front().example, "denied", rule.direction);
  context.diagnostics.report(std::move(found));
}

}  // namespace

void check_conflicts(const CheckContext& context, const std::vector<bool>& shadowed) {
  for (std::uint32_t i = 0; i < context.policies().rules.size(); ++i) {
    const RuleId allow{i};
    if (shadowed[i] || context.policies().rule(allow).action != ir::Action::Allow) continue;
    const std::vector<RuleId> meeting = context.rules.meeting(allow);
    std::vector<Conflict> conflicts;
    for (const RuleId other : meeting) {
      const ir::Rule& deny = context.policies().rule(other);
      if (deny.action != ir::Action::Deny || asked_before(context.policies().rule(allow), deny)) continue;
      if (auto found = conflict(context, allow, other, meeting)) conflicts.push_back(std::move(*found));
    }
    if (!conflicts.empty()) report(context, allow, conflicts);
  }
}

}  // namespace weir::compiler
