#include <algorithm>

#include "compiler/verify/any_diff.h"

namespace weir::compiler {
namespace {

/// What a rule means, without where it stands.
ir::Rule meaning_of(ir::Rule rule) {
  rule.policy = {};
  rule.index = 0;
  rule.origin = {};
  rule.assumptions.clear();
  return rule;
}

using Meanings = std::vector<std::pair<ir::Rule, ir::RuleId>>;

Meanings meanings_of(const ir::PolicySet& policies) {
  Meanings all;
  all.reserve(policies.rules.size());
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i) all.emplace_back(meaning_of(policies.rules[i]), ir::RuleId{i});
  std::sort(all.begin(), all.end());
  return all;
}

/// Repeating a rule changes nothing, so one of the other set stands for all that are equal.
std::vector<ir::RuleId> missing(const Meanings& from, const Meanings& in) {
  std::vector<ir::RuleId> out;
  auto at = in.begin();
  for (const auto& [rule, id] : from) {
    while (at != in.end() && at->first < rule) ++at;
    if (at == in.end() || at->first != rule) out.push_back(id);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

OwnRules own_rules(const ir::PolicySet& before, const ir::PolicySet& after) {
  const Meanings a = meanings_of(before), b = meanings_of(after);
  return {missing(a, b), missing(b, a)};
}

}  // namespace weir::compiler
