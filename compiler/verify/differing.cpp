// Tested by tests/unit/compiler/verify/policy_diff_test.cpp.
#include "compiler/verify/differing.h"

#include <algorithm>

namespace weir::compiler {
namespace {

using ir::Direction;
using ir::RuleId;

/// The part of a subject that no shared rule isolates; `before` knows them all.
std::vector<EndBox> not_isolated(const RuleSpace& before, const std::vector<RuleId>& own, const EndBox& subject, Direction direction) {
  std::vector<EndBox> left{subject};
  for (const RuleId id : before.selecting(subject, direction)) {
    if (!before.policies().rule(id).default_deny || std::binary_search(own.begin(), own.end(), id)) continue;
    std::vector<EndBox> next;
    for (const EndBox& box : left)
      for (EndBox& part : before.space().subtract(box, *before.region(id).subject)) next.push_back(std::move(part));
    left = std::move(next);
  }
  return left;
}

/// The boxes of one rule that only one set has; where it isolates alone, all connections of its subject.
Boxes starts_of(const RuleSpace& before, const std::vector<RuleId>& own_before, const RuleSpace& side, RuleId id) {
  const ir::Rule& rule = side.policies().rule(id);
  Boxes out = side.boxes(id);
  const auto& subject = side.region(id).subject;
  if (!subject) return {};
  const ir::Settings& settings = side.space().cluster().settings;
  // Without default enforcement, or where a rule that selects opens the way to the own node, any rule may matter.
  const bool any_matters = settings.enforcement != ir::Enforcement::Default || settings.dialect == ir::Dialect::Cilium120;
  if (!rule.default_deny && !any_matters) return out;
  for (const EndBox& alone : not_isolated(before, own_before, *subject, rule.direction))
    for (const EndBox& peer : side.space().everyone())
      out.push_back(rule.direction == Direction::Egress ? ConnectionBox{alone, peer, ir::every_port()} : ConnectionBox{peer, alone, ir::every_port()});
  return out;
}

}  // namespace

/// Boxes of `more` that are in none of `all`, at the end of `all`.
void add_apart(const Space& space, Boxes& all, Boxes more) {
  const std::size_t first = all.size();
  for (ConnectionBox& one : more) {
    Boxes rest{std::move(one)};
    for (std::size_t i = 0; i < first && !rest.empty(); ++i) {
      // Most boxes share nothing; then nothing is copied.
      if (std::none_of(rest.begin(), rest.end(), [&](const ConnectionBox& piece) { return space.overlaps(piece, all[i]); })) continue;
      Boxes next;
      for (const ConnectionBox& piece : rest)
        for (ConnectionBox& part : space.subtract(piece, all[i])) next.push_back(std::move(part));
      rest = std::move(next);
    }
    for (ConnectionBox& part : rest) all.push_back(std::move(part));
  }
}

Boxes differing(const RuleSpace& before, const RuleSpace& after, const OwnRules& own, Direction direction) {
  Boxes all;
  for (const auto& [side, ids] : {std::pair(&before, &own.before), std::pair(&after, &own.after)})
    for (const RuleId id : *ids)
      if (side->policies().rule(id).direction == direction) add_apart(before.space(), all, starts_of(before, own.before, *side, id));
  return all;
}

}  // namespace weir::compiler
