// WEIR0202 allow-contradicted-by-deny. Deny beats allow whatever is more specific (policy.md 4.3), so an author who wrote
// the allow may wait in vain. Tested by tests/unit/compiler/verify/conflict_test.cpp.
#include <algorithm>

#include "compiler/verify/checks.h"
#include "compiler/verify/cover.h"
#include "compiler/verify/decided_alike.h"
#include "ir/base/code.h"
#include "ir/eval/eval.h"
#include "ir/policy/admin_priority.h"

namespace weir::compiler {
namespace {

using ir::RuleId;

/// Denies that are named in one finding; others may take traffic too.
constexpr std::size_t kNamed = 4;

struct Conflict {
  std::vector<RuleId> denies;
  std::optional<ConnectionWitness> example;  // of the first, confirmed
};

/// Rules that are asked before the deny: what they decide it does not take away.
std::vector<RuleId> before(const CheckContext& context, RuleId deny, const std::vector<RuleId>& meeting) {
  std::vector<RuleId> found;
  for (const RuleId other : meeting)
    if (asked_before(context.policies().rule(other), context.policies().rule(deny))) found.push_back(other);
  return found;
}

// policy.md 8.2: a Baseline rule is not asked about whom another rule isolates.
std::vector<ConnectionBox> unisolated(const CheckContext& context, RuleId deny, std::vector<ConnectionBox> boxes) {
  const ir::Rule& rule = context.policies().rule(deny);
  if (rule.tier != ir::Tier::Baseline || context.cluster().settings.derived_baseline_before_default_deny) return boxes;
  for (const RuleId other : context.rules.selecting(*context.rules.region(deny).subject, rule.direction)) {
    if (!context.policies().rule(other).default_deny) continue;
    std::vector<ConnectionBox> next;
    for (const ConnectionBox& box : boxes)
      for (ConnectionBox& rest : context.rules.unselected(other, box)) next.push_back(std::move(rest));
    boxes = std::move(next);
  }
  return boxes;
}

/// A connection that the allow matches and the deny is asked about.
std::optional<ConnectionWitness> contested(const CheckContext& context, RuleId allow, RuleId deny, const std::vector<RuleId>& meeting) {
  std::vector<ConnectionBox> common;
  for (const ConnectionBox& box : context.rules.boxes(allow, Reading::Sure))
    for (ConnectionBox& part : context.rules.part(deny, box, Reading::Sure)) common.push_back(std::move(part));
  common = unisolated(context, deny, std::move(common));
  if (common.empty()) return std::nullopt;
  Cover earlier = cover(context.rules, std::move(common), before(context, deny, meeting), context.limits.pieces);
  if (earlier.gave_up) give_up(context, ir::Code::AllowContradicted, allow, "too many rules are asked before the deny");
  return std::move(earlier.left_out);
}

/// The evaluator says that this deny decides it.
bool confirmed(const CheckContext& context, RuleId deny, const ir::Flow& flow) {
  const auto side = decide_among(context.rules, *context.rules.region(deny).subject, flow, context.policies().rule(deny).direction);
  const bool decides = std::find(side.decided_by.begin(), side.decided_by.end(), deny) != side.decided_by.end();
  return side.verdict == ir::Verdict::Denied && side.reason == ir::DropReason::PolicyDeny && decides;
}

void report(const CheckContext& context, RuleId allow, const Conflict& conflict) {
  const ir::Rule& rule = context.policies().rule(allow);
  ir::Diagnostic found;
  found.kind = ir::Code::AllowContradicted;
  found.primary = rule.origin;
  for (const RuleId deny : conflict.denies)
    found.labels.push_back({context.policies().rule(deny).origin, "this deny wins where both match"});
  found.detail = "part of what the allow `" + rule_name(context.policies(), allow) + "` matches is taken away by " +
                 rule_names(context.policies(), conflict.denies);
  found.notes = witness_notes(*conflict.example, "denied");
  found.fix = "leave the denied part out of the allow, or narrow the deny";
  found.witness = witness_json(*conflict.example, "denied", rule.direction);
  tell(context, std::move(found), World::AnyPod);
}

/// WEIR0206 tells it.
bool tied(const ir::Rule& a, const ir::Rule& b) {
  return a.tier != ir::Tier::Normal && a.tier == b.tier && a.policy != b.policy &&
         ir::priority_of_policy(a.priority) == ir::priority_of_policy(b.priority);
}

/// Whether it was told.
bool look_at(const CheckContext& context, RuleId allow) {
  const std::vector<RuleId> meeting = context.rules.meeting(allow);
  Conflict conflict;
  for (const RuleId other : meeting) {
    const ir::Rule& deny = context.policies().rule(other);
    if (deny.action != ir::Action::Deny || asked_before(context.policies().rule(allow), deny) || tied(context.policies().rule(allow), deny)) continue;
    auto found = contested(context, allow, other, meeting);
    if (!found || (!conflict.example && !confirmed(context, other, found->flow))) continue;
    if (!conflict.example) conflict.example = std::move(found);
    conflict.denies.push_back(other);
    if (conflict.denies.size() == kNamed) break;
  }
  if (!conflict.example) return false;
  report(context, allow, conflict);
  return true;
}

}  // namespace

void check_conflicts(const CheckContext& context, const std::vector<bool>& shadowed) {
  for (const std::vector<RuleId>& element : elements_of(context.policies())) {
    if (context.policies().rule(element.front()).action != ir::Action::Allow || shadowed[element.front().index]) continue;
    for (const RuleId piece : element)
      if (look_at(context, piece)) break;
  }
}

}  // namespace weir::compiler
