// A deny that leaves nothing of an allow (policy.md 4.3: no allow is specific enough to beat a deny).
// Tested by tests/unit/compiler/resolve/lints_rules_test.cpp.

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/resolve/lint_covers.h"
#include "compiler/resolve/lint_parts.h"
#include "compiler/resolve/lint_subjects.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr std::size_t kMostPairs = 1'000'000;  // of rules that protect the same pods; reached by no input but a made one

/// The first Pass of each tier and direction, by priority.
using Passes = std::map<std::pair<ir::Tier, ir::Direction>, std::int32_t>;

Passes first_passes(const ir::PolicySet& policies) {
  Passes out;
  for (const ir::Rule& rule : policies.rules)
    if (rule.action == ir::Action::Pass) {
      const auto [at, fresh] = out.try_emplace({rule.tier, rule.direction}, rule.priority);
      at->second = std::min(at->second, rule.priority);
    }
  return out;
}

/// policy.md 8.1: a Pass before the deny may hand the allow's traffic on to a later tier.
bool passed_on(const Passes& passes, const ir::Rule& deny, const ir::Rule& allow) {
  const auto found = passes.find({deny.tier, deny.direction});
  return deny.tier != allow.tier && found != passes.end() && found->second < deny.priority;
}

bool takes_all(const Lint& lint, const Passes& passes, const ir::Rule& deny, const ir::Rule& allow) {
  if (deny.action != ir::Action::Deny || deny.direction != allow.direction) return false;
  // An allow of an earlier level has decided before the deny is asked.
  if (std::tie(deny.tier, deny.priority) > std::tie(allow.tier, allow.priority)) return false;
  if (deny.audit && !allow.audit) return false;  // not enforced
  return covers_ports(deny, allow) && covers_peers(deny, allow, lint.cluster.settings) && !passed_on(passes, deny, allow);
}

std::string name_of(const Lint& lint, const ir::Rule& rule) {
  const ir::PolicyObject& policy = lint.policies.policies[rule.policy.index];
  return show(policy.namespace_name.empty() ? policy.name : policy.namespace_name + "/" + policy.name);
}

std::string fix_of(const ir::Rule& deny, const ir::Rule& allow) {
  if (deny.tier != allow.tier) return "narrow the deny, or delete the allow: the tier of the deny decides first";
  if (deny.priority != allow.priority) return "put the allow before the deny, or delete it: the first rule that matches decides";
  return "narrow the deny, or delete the allow: a deny wins however wide it is";
}

/// Denies and the allows they leave nothing of, by place in the set.
using Taken = std::map<std::uint32_t, std::vector<std::uint32_t>>;

Taken find_taken(const Lint& lint, LintSubjects& subjects) {
  const auto& rules = lint.policies.rules;
  std::vector<LintSubjects::Ids> denies(subjects.size());
  bool any = false;
  for (std::uint32_t s = 0; s < subjects.size(); ++s)
    for (const std::uint32_t id : subjects.rules(s))
      if (rules[id].action == ir::Action::Deny) {
        denies[s].push_back(id);
        any = true;
      }
  const Passes passes = first_passes(lint.policies);
  Taken taken;
  std::size_t pairs = 0;
  for (std::uint32_t s = 0; any && s < subjects.size(); ++s)
    for (const std::uint32_t wide : subjects.covering(s))
      for (const std::uint32_t deny : denies[wide])
        for (const std::uint32_t allow : subjects.rules(s)) {
          if (rules[allow].action != ir::Action::Allow) continue;
          if (++pairs > kMostPairs) return taken;
          if (takes_all(lint, passes, rules[deny], rules[allow])) taken[deny].push_back(allow);
        }
  return taken;
}

}  // namespace

void lint_denies(const Lint& lint, LintSubjects& subjects) {
  constexpr std::size_t kMostLabels = 3;
  const auto& rules = lint.policies.rules;
  std::map<ir::Span, bool> told;  // one element may be several rules
  for (auto& [deny, allows] : find_taken(lint, subjects)) {
    if (!told.emplace(rules[deny].origin, true).second) continue;
    std::sort(allows.begin(), allows.end());
    std::vector<ir::DiagnosticLabel> labels;
    for (std::size_t i = 0; i < std::min(kMostLabels, allows.size()); ++i)
      labels.push_back({rules[allows[i]].origin, "nothing of this allow is left"});
    const std::string more = allows.size() > 1 ? " and of " + std::to_string(allows.size() - 1) + " more" : "";
    lint.report(ir::Code::DenyWiderThanAllow, rules[deny].origin,
                "this deny covers all that an allow of " + name_of(lint, rules[allows.front()]) + more + " lets through",
                fix_of(rules[deny], rules[allows.front()]), std::move(labels));
  }
}

}  // namespace weir::compiler
