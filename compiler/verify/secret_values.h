#pragma once

#include "ir/cluster/cluster.h"
#include "ir/flow/request.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// The same rules with the values of the Secrets that headers are compared with (policy.md 5.1) in place of their names, so
/// that sets of two clusters can be compared. Never to be printed.
[[nodiscard]] ir::PolicySet with_secret_values(ir::PolicySet, const ir::Cluster&);

/// Headers that have the value of a Secret say whose it is instead: Secrets are never printed.
void hide_secret_values(ir::L7Request&, const ir::Cluster& before, const ir::Cluster& after);

}  // namespace weir::compiler
