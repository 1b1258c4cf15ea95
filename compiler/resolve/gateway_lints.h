#pragma once

#include "compiler/api/gateway.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

// What is legal and probably not meant (gateway.md section 4). Each is certain from the input alone, and linear in it.

/// V2: equal matches of two routes for one host of one listener.
void lint_ties(const ir::RouteTable&, ir::Diagnostics&);
/// V5: hostnames that no listener of the route brings, or that a more specific listener takes away.
void lint_hostnames(const ir::RouteTable&, ir::Diagnostics&);
/// V7: a Service port whose target no pod behind it has.
void lint_targets(const ir::RouteTable&, const ir::Cluster&, ir::Diagnostics&);
/// V8: grants that nothing uses, and grants for every object of a kind.
void lint_grants(const GatewayObjects&, const ir::Cluster&, ir::Diagnostics&);

}  // namespace weir::compiler
