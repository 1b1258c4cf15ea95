#pragma once

#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// WEIR0410: backends of routes none of whose pods lets its gateway in (gateway.md 4 V6, section 2 rows 3 and 5). What clients may
/// do, and what request rules refuse, is `weir route`'s to say. Nothing is said about a gateway whose identity is not known.
void lint_blocked_routes(const ir::Cluster&, const ir::PolicySet&, const ir::RouteTable&, ir::Diagnostics&);

}  // namespace weir::compiler
