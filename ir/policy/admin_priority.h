#pragma once

#include <cstdint>

namespace weir::ir {

/// Rules of one cluster policy are asked one after the other (policy.md 8.1), so Rule::priority holds the priority of the
/// policy and the place of the rule; more places than an object may have rules.
inline constexpr std::int32_t kRulesOfAPriority = 1000;

/// The priority as written in the policy.
[[nodiscard]] constexpr std::int32_t priority_of_policy(std::int32_t rule_priority) { return rule_priority / kRulesOfAPriority; }

}  // namespace weir::ir
