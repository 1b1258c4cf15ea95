#pragma once

#include <vector>

#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"
#include "ir/tables/table_set.h"

namespace weir::compiler {

/// The weighted backends of one rule as addresses of `family`: a Service's weight is spread evenly over its ready pods, and
/// what nobody can serve is a share that is refused (gateway.md 31, 36). Backends of weight 0 are left out. Sorted.
[[nodiscard]] std::vector<ir::TableBackend> shares(const std::vector<ir::Backend>&, const ir::Cluster&, ir::Protocol,
                                                   ir::IpFamily family);

}  // namespace weir::compiler
