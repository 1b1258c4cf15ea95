#pragma once

#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// Whether a rule is one of those that may be in conflict with another.
[[nodiscard]] bool may_conflict(const ir::Rule&);

/// Sets Rule::conflict where two allows of one pod have the very same peer and port and cannot be computed together, and
/// reports WEIR0114 (policy.md 3.13). Needs pods to tell whether two subjects overlap, unless they are equal.
void mark_conflicts(ir::PolicySet&, const ir::Cluster&, ir::Diagnostics&);

}  // namespace weir::compiler
