#pragma once

#include <vector>

#include "compiler/verify/connectivity.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// Who reaches which backend through which listener: every workload of the inventory and the outside, as the reference
/// evaluator says; sorted. Connections alone: what a request asks for may narrow it (`check`). A gateway whose proxy the input does
/// not have is left out, because nobody knows its identity.
[[nodiscard]] std::vector<GatewayConnection> gateway_connections(const ir::PolicySet&, const ir::Cluster&, const ir::RouteTable&,
                                                                 const ConnectivityQuestion&);

}  // namespace weir::compiler
