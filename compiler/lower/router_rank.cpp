// The winning order (gateway.md 22, 35), written a second time: ir/eval/route_choice.cpp is the first.
#include <algorithm>

#include "compiler/lower/router_parts.h"

namespace weir::compiler::router {
namespace {

/// gateway.md 21: a name counts once.
std::size_t names(const std::vector<ir::ValueMatch>& entries) {
  std::vector<std::string_view> seen;
  for (const ir::ValueMatch& entry : entries) seen.push_back(entry.name);
  std::sort(seen.begin(), seen.end());
  return static_cast<std::size_t>(std::unique(seen.begin(), seen.end()) - seen.begin());
}

std::vector<std::size_t> specificity(const ir::RouteMatch& match, bool grpc, bool regex_last) {
  if (grpc) {
    const std::size_t service = match.grpc ? match.grpc->service.size() : 0, method = match.grpc ? match.grpc->method.size() : 0;
    return {1, service, method, names(match.headers)};
  }
  std::size_t kind = 3;
  if (match.path.kind == ir::PathKind::Prefix) kind = regex_last ? 2 : 1;
  if (match.path.kind == ir::PathKind::Regex) kind = regex_last ? 1 : 2;
  return {0, kind, match.path.value.size(), match.method.empty() ? 0u : 1u, names(match.headers), names(match.query)};
}

/// Item 22 g, h. A missing timestamp is the newest.
std::vector<std::string> age(const ir::Route& route, bool split) {
  std::vector<std::string> out{route.created.empty() ? "1" : "0", route.created};
  if (split) out.insert(out.end(), {route.namespace_name, route.name});
  else out.push_back(route.namespace_name + "/" + route.name);
  return out;
}

}  // namespace

std::vector<Ranked> ranked(const ir::RouteTable& table, std::uint32_t number) {
  const ir::GatewayBehaviour& rules = ir::behaviour(table.dialect);
  const ir::Route& route = table.routes[number];
  std::vector<Ranked> out;
  for (std::uint32_t u = 0; u < route.rules.size(); ++u)
    for (std::uint32_t m = 0; m < route.rules[u].matches.size(); ++m)
      out.push_back({{number, u, m},
                     specificity(route.rules[u].matches[m], route.kind == "GRPCRoute", rules.regex_last),
                     age(route, rules.splits_namespace)});
  return out;
}

bool older(const Ranked& a, const Ranked& b) {
  if (a.age != b.age) return a.age < b.age;
  // Item 22 i; the route's place comes last, for names that stand there twice.
  if (a.choice.rule != b.choice.rule) return a.choice.rule < b.choice.rule;
  return a.choice.match != b.choice.match ? a.choice.match < b.choice.match : a.choice.route < b.choice.route;
}

bool before(const Ranked& a, const Ranked& b) {
  return a.specificity != b.specificity ? a.specificity > b.specificity : older(a, b);
}

}  // namespace weir::compiler::router
