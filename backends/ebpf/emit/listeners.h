#pragma once

#include <vector>

#include "backends/ebpf/abi/weir_abi.h"
#include "backends/ebpf/emit/map_contents.h"
#include "ir/tables/table_set.h"

namespace weir::backends {

/// One listener's backends as the columns of an alias table (Walker, 1974; Vose's way to build it): equal columns, each
/// shared by two backends at most, so that a pick is two random numbers whatever the weights are. `total` weights > 0.
[[nodiscard]] std::vector<weir_backend> alias_table(const std::vector<ir::TableBackend>&);

/// The listeners with their places in `backends`, which takes all of their columns.
[[nodiscard]] std::vector<ListenerEntry> listener_entries(const ir::TableSet&, std::vector<weir_backend>& backends);

}  // namespace weir::backends
