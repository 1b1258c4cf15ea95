#pragma once

#include <vector>

#include "compiler/api/inventory.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {

/// The Services with the addresses that stand behind them, in the order of the input. A Service without a selector has
/// the ports that its EndpointSlices name (core/v1 ServiceSpec.selector). Global ones: policy.md 10.3.
[[nodiscard]] std::vector<ir::Service> resolve_services(const InventoryObjects&);

/// Where the API server of the local cluster answers: behind Service default/kubernetes (cli.md "Policy tests"); sorted.
[[nodiscard]] std::vector<ir::IpAddress> api_servers(const InventoryObjects&);

}  // namespace weir::compiler
