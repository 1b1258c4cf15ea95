#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "compiler/verify/route_diff.h"

namespace weir::cli {

/// A request that gateways answer otherwise, as every format shows it.
struct RouteRow {
  std::string request;        // "GET http://shop.example.com/a, header `x: 1`"
  std::string gateway;        // "shop/web listener http"
  std::string before, after;  // "shop/v1:80 100 %", "404"
};
[[nodiscard]] std::vector<RouteRow> route_rows(const compiler::RouteDiff&);
[[nodiscard]] RouteRow route_row(const compiler::RequestDifference&);

/// `{"witness":{...},"before":"...","after":"...","listener":{...}}` (cli.md "diff")
[[nodiscard]] nlohmann::ordered_json route_json(const compiler::RequestDifference&);

}  // namespace weir::cli
