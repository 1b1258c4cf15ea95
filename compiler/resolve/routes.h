#pragma once

#include "compiler/api/gateway.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// Gateways and routes -> what they do with requests (gateway.md 1.2, 1.3, 1.7): listeners with their conflicts, routes
/// with the listeners that accept them, backends with their ready pods. Pure.
[[nodiscard]] ir::RouteTable resolve_routes(const GatewayObjects&, const ir::Cluster&, const ir::Files&,
                                            ir::Diagnostics&);

}  // namespace weir::compiler
