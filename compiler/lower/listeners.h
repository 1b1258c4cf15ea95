#pragma once

#include <vector>

#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"
#include "ir/tables/table_set.h"

namespace weir::compiler {

/// Every address and port that the gateways answer on, and what the kernel can do there (datapath.md 3 "Gateways"): weighted
/// backends where the addresses and ports of a connection decide, else a redirect to a proxy, else a refusal; with the
/// reason. Sorted. A listener whose gateway has no address is left out: nobody can reach it. Pure.
[[nodiscard]] std::vector<ir::TableListener> lower_listeners(const ir::RouteTable&, const ir::Cluster&);

}  // namespace weir::compiler
