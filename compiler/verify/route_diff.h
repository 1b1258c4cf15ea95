#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ir/eval/route.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// A request that two route tables answer differently, as the reference router says.
struct RequestDifference {
  ir::Request request;
  std::string before, after;  // "shop/v1:80 90 %, shop/v2:80 10 %", "404", "redirect 302 https://..."
  std::optional<ir::Listener> listener_before, listener_after;  // which takes it
};
/// Nothing: they answer it alike.
[[nodiscard]] std::optional<RequestDifference> difference(const ir::RouteTable& before, const ir::RouteTable& after, const ir::Request&);

struct RouteDiff {
  std::vector<RequestDifference> found;  // one for each listener, host and pair of answers, in a fixed order
  std::size_t asked = 0;                 // kinds of requests, by listener and host, and requests themselves
  std::vector<std::string> unknown;      // requests that were not compared, and why; empty: all were
};

/// Proven where the matches can be made sets (route_compare.h); where not, `unknown` says so, and one request or two were asked for
/// every match of both tables on each of its hosts.
[[nodiscard]] RouteDiff diff_routes(const ir::RouteTable& before, const ir::RouteTable& after);

/// Requests that meet the matches of this table, those with regular expressions where the text of the expression does.
[[nodiscard]] std::vector<ir::Request> sample_requests(const ir::RouteTable&);

}  // namespace weir::compiler
