#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "compiler/api/policy.h"
#include "compiler/resolve/pieces.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// One policy and its rules; Rule::policy is not set yet.
struct PolicyRules {
  ir::PolicyObject policy;
  std::vector<ir::Rule> rules;
};

/// policy.md 3.4, up to 1.18: what the rules of one subject require of all their peers by labels, by direction.
using SubjectRequirements = std::map<std::pair<ir::Direction, ir::Selector>, std::vector<ir::Requirement>>;

/// What policies are resolved against: the settings and the inventory of the cluster they stand in.
struct PolicyContext {
  const ir::Cluster& cluster;
  const PolicyObjects& objects;
  const NamedPorts& named_ports;
  const ir::Settings& settings;   // cluster_name is that of the policy's cluster
  std::string_view cluster_name;  // of a remote cluster; empty: the local one
  ir::Diagnostics& diagnostics;
  const SubjectRequirements& required;  // empty since 1.19
};

/// policy.md section 7.
[[nodiscard]] PolicyRules resolve_network_policy(const NetworkPolicy&, const PolicyContext&);

/// policy.md sections 2 and 3.
[[nodiscard]] PolicyRules resolve_cilium_policy(const CiliumNetworkPolicy&, const PolicyContext&);

/// Every policy, in the order that ir/policy/policy_set.h promises.
[[nodiscard]] ir::PolicySet resolve_policies(const PolicyObjects&, const ir::Cluster&, ir::Diagnostics&, PortsOf = PortsOf::Today);

/// Puts the one policy of `edited`, of the local cluster, in the place of the one of its kind, namespace and name; `all`
/// holds it already. False, and nothing is changed: there is no such policy, or other policies have to be resolved with it
/// (those of the Admin tiers, and conflicts).
[[nodiscard]] bool replace_policy(const PolicyObjects& edited, const PolicyObjects& all, const ir::Cluster&,
                                  const NamedPorts&, ir::PolicySet&, ir::Diagnostics&);

}  // namespace weir::compiler
