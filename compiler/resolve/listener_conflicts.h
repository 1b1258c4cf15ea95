#pragma once

#include <vector>

#include "compiler/resolve/route_listeners.h"

namespace weir::compiler {

/// gateway.md 6, 7: fills `conflict`. The listeners of one Gateway stand side by side, in the order of 4.
void find_conflicts(std::vector<ResolvedListener>&, ir::GatewayDialect, ir::Diagnostics&);

}  // namespace weir::compiler
