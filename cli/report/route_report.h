#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "simulator/ask/route.h"

namespace weir::cli {

/// `weir route -o json` (cli.md "route"), with its line end.
[[nodiscard]] std::string route_json(const simulator::RouteAnswer&);
/// The members of that document beside apiVersion and kind.
void add_route(const simulator::RouteAnswer&, nlohmann::ordered_json& into);
/// `weir route` for people: listener, rule, each backend with its share, its pods and what policy says.
[[nodiscard]] std::string route_text(const simulator::RouteAnswer&);

}  // namespace weir::cli
