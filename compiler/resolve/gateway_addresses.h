#pragma once

#include "compiler/api/gateway.h"
#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// Fills in Listener::addresses: what the Gateway asks for and was given, and the cluster addresses of the Service that its
/// controller makes for it.
void add_gateway_addresses(const GatewayObjects&, const ir::Cluster&, ir::RouteTable&);

}  // namespace weir::compiler
