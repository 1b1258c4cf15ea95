#include "compiler/resolve/policies.h"

#include <algorithm>

namespace weir::compiler {

ir::PolicySet resolve_policies(const PolicyObjects& objects, const ir::Settings& settings, ir::Diagnostics& diagnostics) {
  std::vector<PolicyRules> all;
  for (const NetworkPolicy& policy : objects.network_policies) all.push_back(resolve_network_policy(policy, settings));
  for (const CiliumNetworkPolicy& policy : objects.cilium_network_policies)
    all.push_back(resolve_cilium_policy(policy, settings, diagnostics));
  std::stable_sort(all.begin(), all.end(), [](const PolicyRules& a, const PolicyRules& b) {
    return std::tie(a.policy.kind, a.policy.namespace_name, a.policy.name) <
           std::tie(b.policy.kind, b.policy.namespace_name, b.policy.name);
  });
  ir::PolicySet out;
  for (PolicyRules& one : all) {
    const ir::PolicyId id{static_cast<std::uint32_t>(out.policies.size())};
    out.policies.push_back(std::move(one.policy));
    for (ir::Rule& rule : one.rules) {
      rule.policy = id;
      out.rules.push_back(std::move(rule));
    }
  }
  std::stable_sort(out.rules.begin(), out.rules.end(), [](const ir::Rule& a, const ir::Rule& b) {
    return std::tie(a.tier, a.priority, a.policy, a.direction, a.index) <
           std::tie(b.tier, b.priority, b.policy, b.direction, b.index);
  });
  return out;
}

}  // namespace weir::compiler
