#pragma once

#include "compiler/api/object_set.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {

/// What the policies say and cannot mean, as far as it is certain: WEIR0301 to WEIR0304. Nothing is said about an
/// inventory that was not given.
void lint_policies(const Objects&, const ir::Cluster&, ir::Diagnostics&);

}  // namespace weir::compiler
