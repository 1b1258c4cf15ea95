#pragma once

#include <map>
#include <vector>

#include "compiler/resolve/policies.h"

namespace weir::compiler {

/// policy.md 8.9: whether this dialect acts on a kind of policy.networking.k8s.io at all.
[[nodiscard]] bool is_enforced(const AdminPolicy&, const ir::Settings&);

/// The pods that `namespaces` or `pods` select (policy.md 8.3): never a pod on the host network, which has no labels.
[[nodiscard]] ir::Selector admin_pods(const AdminPods&);

/// A policy that counts, and its rules.
struct AdminRules {
  const AdminPolicy* policy = nullptr;
  PolicyRules rules;
};

/// policy.md section 8: every such policy of the cluster that the context is about. What the dialect does not enforce gives
/// WEIR0115 and is left out.
[[nodiscard]] std::vector<AdminRules> resolve_admin_policies(const PolicyContext&);

/// Policies of one tier and equal priority that select the same pod in the same direction: of each the first other one.
/// policy.md 8.1: upstream leaves their order open.
using Rivals = std::map<const AdminPolicy*, const AdminPolicy*>;
[[nodiscard]] Rivals find_rivals(const std::vector<const AdminPolicy*>&, const ir::Cluster&);

}  // namespace weir::compiler
