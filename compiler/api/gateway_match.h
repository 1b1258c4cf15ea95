#pragma once

#include "compiler/api/gateway.h"
#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// One HTTPRouteMatch, defaults applied (gateway.md 1.1 item 2, 1.5).
[[nodiscard]] RouteMatchObject read_http_match(const Node&, ir::Diagnostics&);

}  // namespace weir::compiler
