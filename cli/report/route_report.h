#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "simulator/ask/route.h"

namespace weir::cli {

/// `weir route -o json` (cli.md "route"), with its line end.
[[nodiscard]] std::string route_json(const simulator::RouteAnswer&);
/// Several requests: `kind: RouteTraces` with `requests`, each with `method` and `url` before the members of a RouteTrace.
[[nodiscard]] std::string routes_json(const std::vector<simulator::RouteAnswer>&);
/// Columns method,url,outcome,listener,route,distribution
[[nodiscard]] std::string routes_csv(const std::vector<simulator::RouteAnswer>&);
[[nodiscard]] std::string routes_markdown(const std::vector<simulator::RouteAnswer>&);
/// The members of that document beside apiVersion and kind.
void add_route(const simulator::RouteAnswer&, nlohmann::ordered_json& into);
/// Which Gateway, and by which of its listeners (cli.md "route").
[[nodiscard]] nlohmann::ordered_json listener_json(const ir::Listener&);
/// `weir route` for people, as `curl -v` tells a story: listener, route, rule, filters, backends, and what clients get in the end.
[[nodiscard]] std::string route_text(const simulator::RouteAnswer&);

}  // namespace weir::cli
