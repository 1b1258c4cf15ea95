#pragma once

#include "compiler/api/gateway.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// One backendRef with its reason when it is invalid, else with its ready pods (gateway.md 30, 33).
[[nodiscard]] ir::Backend resolve_backend(const BackendRef&, const ObjectMeta& route, const ir::Cluster&,
                                          ir::Diagnostics&);

}  // namespace weir::compiler
