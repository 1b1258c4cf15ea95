#pragma once

#include <set>
#include <string>

#include "compiler/api/policy.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {

/// Every port name that a policy uses, lower case.
[[nodiscard]] std::set<std::string> used_port_names(const PolicyObjects&);

/// policy.md 3.8: named ports are part of the identity. Adds the labels of the pod's container ports of these names; a pod
/// on the host network has no identity to add them to.
void add_port_labels(const std::set<std::string>& used, ir::Pod&);

}  // namespace weir::compiler
