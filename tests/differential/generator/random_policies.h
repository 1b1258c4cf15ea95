#pragma once

#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"
#include "tests/differential/generator/random.h"

namespace weir::tests {

enum class Language : std::uint8_t {
  Tables,  // what class tables can hold and an agent can enforce
  Whole,   // and what needs a proxy, authentication, DNS or a provider: names, groups, requests, conflicts
};

/// Rules as resolve could make them, and what no manifest of today makes: tiers, priorities, pass. Sorted as PolicySet asks.
[[nodiscard]] ir::PolicySet random_policies(Random&, const ir::Cluster&, Language);
[[nodiscard]] ir::Rule random_rule(Random&, std::uint32_t index, Language);
/// Restores the order that PolicySet asks for.
void sort_rules(ir::PolicySet&);

}  // namespace weir::tests
