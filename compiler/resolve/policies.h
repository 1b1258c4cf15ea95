#pragma once

#include <vector>

#include "compiler/api/policy.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/settings.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// One policy and its rules; Rule::policy is not set yet.
struct PolicyRules {
  ir::PolicyObject policy;
  std::vector<ir::Rule> rules;
};

/// policy.md section 7.
[[nodiscard]] PolicyRules resolve_network_policy(const NetworkPolicy&, const ir::Settings&);

/// policy.md sections 2 and 3.
[[nodiscard]] PolicyRules resolve_cilium_policy(const CiliumNetworkPolicy&, const ir::Settings&, ir::Diagnostics&);

/// Every policy, in the order that ir/policy/policy_set.h promises.
[[nodiscard]] ir::PolicySet resolve_policies(const PolicyObjects&, const ir::Settings&, ir::Diagnostics&);

}  // namespace weir::compiler
