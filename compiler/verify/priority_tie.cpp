// WEIR0206 priority-tie. Two cluster policies of one tier and one priority that do different things with one connection:
// upstream leaves open which of them is asked first, Cilium asks both at once and then deny beats allow and allow beats pass
// (policy.md 8.1). Over all pods that may come; what today's pods meet is told by compiler/resolve/admin_policy.cpp.
// Tested by tests/unit/compiler/verify/priority_tie_test.cpp.
#include <algorithm>
#include <map>
#include <set>

#include "compiler/verify/checks.h"
#include "compiler/verify/cover.h"
#include "compiler/verify/decided_alike.h"
#include "ir/base/code.h"
#include "ir/policy/admin_priority.h"

namespace weir::compiler {
namespace {

using ir::RuleId;

class PriorityTies {
 public:
  explicit PriorityTies(const CheckContext& context) : context_(context), rules_(context.rules) {}

  void run() {
    using Level = std::tuple<ir::Tier, std::int32_t, ir::Direction>;
    std::map<Level, std::vector<RuleId>> levels;
    for (std::uint32_t i = 0; i < context_.policies().rules.size(); ++i) {
      const ir::Rule& one = rule(RuleId{i});
      if (one.tier != ir::Tier::Normal && !rules_.region(RuleId{i}).empty())
        levels[{one.tier, ir::priority_of_policy(one.priority), one.direction}].push_back(RuleId{i});
    }
    for (const auto& [level, members] : levels)
      for (std::size_t i = 0; i < members.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) look_at(members[j], members[i]);
  }

 private:
  [[nodiscard]] const ir::Rule& rule(RuleId id) const { return context_.policies().rule(id); }

  void look_at(RuleId a, RuleId b) {
    if (rule(a).policy == rule(b).policy || rule(a).action == rule(b).action) return;
    const std::pair pair(std::min(rule(a).policy, rule(b).policy), std::max(rule(a).policy, rule(b).policy));
    const bool today = !rule(a).assumptions.empty() && !rule(b).assumptions.empty();
    if (today || told_.count(pair) != 0) return;
    for (const ConnectionBox& box : rules_.boxes(a, Reading::Sure))
      for (const ConnectionBox& common : rules_.part(b, box, Reading::Sure)) {
        const auto example = witness(rules_.space(), common);
        if (!example || !open(a, b, *example)) continue;
        told_.insert(pair);
        report(a, b, *example);
        return;
      }
  }

  /// The evaluator says that one of the two decides, or that a pass lets the connection go on: the other way round it
  /// would end otherwise.
  [[nodiscard]] bool open(RuleId a, RuleId b, const ConnectionWitness& example) const {
    const RuleId pass = rule(a).action == ir::Action::Pass ? a : b, other = pass == a ? b : a;
    const auto side = decide_among(rules_, *rules_.region(a).subject, example.flow, rule(a).direction);
    const auto decides = [&](RuleId id) { return std::find(side.decided_by.begin(), side.decided_by.end(), id) != side.decided_by.end(); };
    if (decides(a) || decides(b)) return true;
    if (rule(pass).action != ir::Action::Pass) return false;
    const std::int32_t first = std::min(rule(pass).priority, rule(other).priority);
    return !decided_before(side, first, rule(a).tier) && !passed_before(a, first, example);
  }

  [[nodiscard]] bool passed_before(RuleId a, std::int32_t priority, const ConnectionWitness& example) const {
    const auto selecting = rules_.selecting(*rules_.region(a).subject, rule(a).direction);
    return std::any_of(selecting.begin(), selecting.end(), [&](RuleId id) {
      return rule(id).action == ir::Action::Pass && rule(id).tier == rule(a).tier && rule(id).priority < priority &&
             rule_matches(rules_, id, example.flow);
    });
  }

  [[nodiscard]] bool decided_before(const ir::SideDecision& side, std::int32_t priority, ir::Tier tier) const {
    return std::any_of(side.decided_by.begin(), side.decided_by.end(), [&](RuleId id) {
      return std::tie(rule(id).tier, rule(id).priority) < std::tie(tier, priority);
    });
  }

  void report(RuleId a, RuleId b, const ConnectionWitness& example) {
    const auto side = decide_among(rules_, *rules_.region(a).subject, example.flow, rule(a).direction);
    ir::Diagnostic found;
    found.kind = ir::Code::PriorityTie;
    found.primary = rule(b).origin;
    found.labels.push_back({rule(a).origin, "this " + std::string(to_text(rule(a).action)) + " has the same priority"});
    found.detail = "the " + std::string(to_text(rule(b).action)) + " `" + rule_name(context_.policies(), b) + "` and the " +
                   std::string(to_text(rule(a).action)) + " `" + rule_name(context_.policies(), a) + "` have priority " +
                   std::to_string(ir::priority_of_policy(rule(a).priority)) + " and match the same connections";
    found.notes = witness_notes(example, to_text(side.verdict));
    found.notes.push_back("upstream leaves their order open; Cilium asks both at once, then deny beats allow and allow beats pass");
    found.fix = "give each policy a priority of its own";
    found.witness = witness_json(example, to_text(side.verdict), rule(a).direction);
    tell(context_, std::move(found), World::AnyPod);
  }

  const CheckContext& context_;
  const RuleSpace& rules_;
  std::set<std::pair<ir::PolicyId, ir::PolicyId>> told_;
};

}  // namespace

void check_priority_ties(const CheckContext& context) { PriorityTies(context).run(); }

}  // namespace weir::compiler
