// Why this is right: a connection is only ever dropped from consideration together with a box in which every connection
// has the same verdict, by policy.md 4.2 with a single group: a deny that matches decides; else an allow that matches; else,
// for an isolated subject, the default. encoding_test.cpp compares it with Z3 and the evaluator.
#include "compiler/verify/decided_alike.h"

#include <algorithm>

#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::Action;
using ir::Direction;
using ir::RuleId;

void append(Boxes& boxes, Boxes more) {
  for (ConnectionBox& box : more) boxes.push_back(std::move(box));
}

const EndBox& subject(const ConnectionBox& piece, Direction side) {
  return side == Direction::Egress ? piece.source : piece.destination;
}

/// The piece with another subject.
ConnectionBox with_subject(ConnectionBox piece, Direction side, EndBox subject) {
  (side == Direction::Egress ? piece.source : piece.destination) = std::move(subject);
  return piece;
}

bool any_rule(const ir::Rule&) { return true; }
bool is_deny(const ir::Rule& rule) { return rule.action == Action::Deny; }

}  // namespace

ir::SideDecision decide_among(const RuleSpace& rules, const EndBox& subjects, const ir::Flow& flow, Direction direction) {
  const ir::Cluster& cluster = rules.space().cluster();
  // Rules on nodes are in no index.
  if (subjects.kind != 0) return ir::decide_side(rules.policies(), cluster, flow, direction);
  const std::vector<RuleId> ids = rules.selecting(subjects, direction);
  ir::PolicySet few;
  for (const RuleId id : ids) few.rules.push_back(rules.policies().rule(id));
  ir::SideDecision decision = ir::decide_side(few, cluster, flow, direction);
  for (RuleId& id : decision.decided_by) id = ids[id.index];
  return decision;
}

bool DecidedAlike::readable(const ir::PolicySet& policies) {
  const auto& all = policies.rules;
  return std::all_of(all.begin(), all.end(), [&](const ir::Rule& rule) {
    return rule.action != Action::Pass && rule.auth != ir::Auth::AlwaysFail && rule.tier != ir::Tier::Baseline &&
           rule.tier == all.front().tier && rule.priority == all.front().priority;
  });
}

std::optional<ConnectionBox> DecidedAlike::selected(const ConnectionBox& piece, Direction side, RuleId rule) const {
  auto common = rules_.space().intersect(subject(piece, side), *rules_.region(rule).subject);
  if (!common) return std::nullopt;
  return with_subject(piece, side, std::move(*common));
}

template <class Wanted>
Boxes DecidedAlike::parts(const ConnectionBox& piece, Direction side, Wanted wanted) const {
  Boxes boxes;
  for (const RuleId rule : rules_.selecting(subject(piece, side), side))
    if (wanted(rules_.policies().rule(rule))) append(boxes, rules_.part(rule, piece));
  return boxes;
}

Boxes DecidedAlike::without_denied(const ConnectionBox& piece, Direction side, const ir::SideDecision& decision) const {
  if (decision.default_rule == ir::DefaultRule::None) return rules_.without(decision.decided_by.front(), piece);
  // Default deny: what some rule matches is decided by that, and other subjects may not be isolated.
  if (decision.decided_by.empty()) return without_forced(piece, side);
  const RuleId isolates = decision.decided_by.front();
  Boxes rest = rules_.unselected(isolates, piece);
  if (const auto isolated = selected(piece, side, isolates)) append(rest, parts(*isolated, side, any_rule));
  return rest;
}

/// enforcement=always: what no rule matches is denied. Only where no rule selects the subject can the own node be denied
/// although it is let in elsewhere (issue 48444), so those that a rule selects are looked at again.
Boxes DecidedAlike::without_forced(const ConnectionBox& piece, Direction side) const {
  Boxes rest = parts(piece, side, any_rule);
  const EndBox& peer = side == Direction::Egress ? piece.destination : piece.source;
  const bool own_node = side == Direction::Ingress && rules_.space().kinds()[peer.kind].labels.reserved("host");
  if (!own_node || !rules_.space().cluster().settings.allow_localhost) return rest;
  for (const RuleId rule : rules_.selecting(subject(piece, side), side))
    if (auto chosen = selected(piece, side, rule)) rest.push_back(std::move(*chosen));
  return rest;
}

Boxes DecidedAlike::without_allowed(const ConnectionBox& piece, Direction side, const ir::SideDecision& decision,
                                    const ir::Flow& flow) const {
  // policy.md 4.4: an end without policy, or no enforcement at all.
  if (subject(piece, side).kind != 0 || rules_.space().cluster().settings.enforcement == ir::Enforcement::Never) return {};
  if (!decision.decided_by.empty()) return without_allow(piece, side, decision.decided_by.front());
  Boxes rest = parts(piece, side, is_deny);
  for (const RuleId rule : rules_.selecting(subject(piece, side), side)) {
    const bool matters = rules_.policies().rule(rule).default_deny;
    if (decision.default_rule != ir::DefaultRule::DefaultAllow || !matters) continue;
    if (auto isolated = selected(piece, side, rule)) rest.push_back(std::move(*isolated));
  }
  if (decision.default_rule == ir::DefaultRule::AllowLocalhost) append(rest, without_rules(piece, side, flow));
  return rest;
}

Boxes DecidedAlike::without_allow(const ConnectionBox& piece, Direction side, RuleId allow) const {
  Boxes rest = rules_.without(allow, piece);
  for (const ConnectionBox& part : rules_.part(allow, piece)) append(rest, parts(part, side, is_deny));
  return rest;
}

/// Issue 48444: in some dialects the localhost allow needs a rule that selects the subject.
Boxes DecidedAlike::without_rules(const ConnectionBox& piece, Direction side, const ir::Flow& flow) const {
  const ir::Endpoint& end = side == Direction::Egress ? flow.source : flow.destination;
  for (const RuleId rule : rules_.selecting(subject(piece, side), side))
    if (matches(rules_.policies().rule(rule).subject, end.labels)) return rules_.unselected(rule, piece);
  return {};
}

}  // namespace weir::compiler
