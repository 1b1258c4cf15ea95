#pragma once

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// What the policies say and cannot mean, or mean otherwise than it reads: WEIR0301 to WEIR0304, WEIR0306 to WEIR0314 and
/// WEIR0317. Only what is certain from the input; nothing is said about an inventory that was not given. With
/// Lints::No only what is an error, and what is in audit.
void lint_policies(const Objects&, const ir::Cluster&, const ir::PolicySet&, Lints, ir::Diagnostics&);

}  // namespace weir::compiler
