#pragma once

#include "ir/route/route_table.h"
#include "ir/tables/router.h"

namespace weir::compiler {

/// A RouteTable for many requests: every expression is compiled once, every listener has its hosts, every host its rules in
/// winning order (gateway.md 16 to 22). ir::pick is the meaning. Rules that can never win are left out.
[[nodiscard]] ir::Router compile_router(const ir::RouteTable&);

}  // namespace weir::compiler
