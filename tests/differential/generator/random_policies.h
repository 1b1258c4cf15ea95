#pragma once

#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"
#include "tests/differential/generator/random.h"

namespace weir::tests {

/// Rules as resolve could make them, and what no manifest of today makes: tiers, priorities, pass. Sorted as PolicySet asks.
[[nodiscard]] ir::PolicySet random_policies(Random&, const ir::Cluster&);
[[nodiscard]] ir::Rule random_rule(Random&, std::uint32_t index);
/// Restores the order that PolicySet asks for.
void sort_rules(ir::PolicySet&);

}  // namespace weir::tests
