#pragma once

#include "simulator/ask/test.h"

namespace weir::simulator {

/// How far the routes of a test go through the rules of its routes, as Envoy's router_check_tool counts (gateway.md 5).
[[nodiscard]] RouteCoverage route_coverage(const compiler::PolicyTest&, const TestResult&, const ir::RouteTable&, const ir::Files&);

}  // namespace weir::simulator
