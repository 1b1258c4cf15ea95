#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ir/eval/route.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// A request that two route tables answer differently, as the reference router says.
struct RequestDifference {
  ir::Request request;
  std::string before, after;  // "shop/v1:80 90 %, shop/v2:80 10 %", "404", "redirect 302 https://..."
};

struct RouteDiff {
  std::vector<RequestDifference> found;  // one for each listener and pair of answers, in a fixed order
  std::size_t asked = 0;                 // requests
};

/// Asks one request, or two, for every match of every route of both tables on each of its hosts, and one beside them all. No proof:
/// what changes between the samples of one match (a longer path, a regular expression) may be missed.
[[nodiscard]] RouteDiff diff_routes(const ir::RouteTable& before, const ir::RouteTable& after);

/// Requests that meet the matches of this table, those with regular expressions where the text of the expression does.
[[nodiscard]] std::vector<ir::Request> sample_requests(const ir::RouteTable&);

}  // namespace weir::compiler
