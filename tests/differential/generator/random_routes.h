#pragma once

#include <cstdint>
#include <functional>

#include "ir/route/request.h"
#include "ir/route/route_table.h"

namespace weir::tests {

/// Draws 0 .. count-1: from a seed in the differential test, from bytes in the fuzzer.
using Below = std::function<std::uint32_t(std::uint32_t count)>;

/// A table of any dialect with all kinds of listeners and routes, from few names and values, so that they meet: nested hosts,
/// overlapping paths, repeated names, ties in age, expressions that RE2 does not read, listeners that take nothing.
[[nodiscard]] ir::RouteTable random_route_table(const Below&);

/// A request that is near some listener and match of the table, or a little off.
[[nodiscard]] ir::Request random_route_request(const Below&, const ir::RouteTable&);

}  // namespace weir::tests
