#pragma once

#include "compiler/api/gateway.h"
#include "compiler/resolve/gateway_status.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// What the gateways do, and what their controller would say about it.
struct ResolvedRoutes {
  ir::RouteTable table;
  GatewayStatus status;
};

/// Gateways and routes -> what they do with requests (gateway.md 1.2, 1.3, 1.7): listeners with their conflicts, routes
/// with the listeners that accept them, backends with their ready pods; and the conditions of 1.10. Pure.
[[nodiscard]] ResolvedRoutes resolve_routes(const GatewayObjects&, const ir::Cluster&, const ir::Files&, ir::Diagnostics&);

}  // namespace weir::compiler
