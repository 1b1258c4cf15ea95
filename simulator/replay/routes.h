#pragma once

#include <vector>

#include "ir/base/files.h"
#include "ir/route/route_table.h"
#include "simulator/replay/gathered.h"
#include "simulator/replay/report.h"

namespace weir::simulator {

/// Recorded HTTP requests that the gateways answer differently with `after` than with `before`; sorted. A request counts when
/// a listener of either takes its host. What a gateway's proxy sent on to a backend is not counted again.
[[nodiscard]] std::vector<RouteChange> route_changes(const Gathered&, const ir::RouteTable& after, const ir::RouteTable& before,
                                                     const ir::Files&);

}  // namespace weir::simulator
