// Two route tables asked the same requests.
#include "compiler/verify/route_diff.h"

#include <catch2/catch.hpp>

using namespace weir;
using namespace weir::compiler;

namespace {

ir::Backend backend(const char* service, std::uint32_t weight) {
  ir::Backend out;
  out.namespace_name = "shop";
  out.service = service;
  out.port = 80;
  out.weight = weight;
  out.pods = {std::string("shop/") + service + "-1"};
  out.pod_ports = {80};
  return out;
}

/// One listener, one route with a rule for each (kind, path, service).
ir::RouteTable table(const std::vector<std::tuple<ir::PathKind, std::string, const char*>>& rules) {
  ir::RouteTable out;
  out.dialect = ir::GatewayDialect::Spec;
  ir::Listener listener;
  listener.gateway_namespace = "shop";
  listener.gateway = "web";
  listener.name = "http";
  listener.port = 80;
  out.listeners = {listener};
  ir::Route route;
  route.namespace_name = "shop";
  route.name = "r";
  route.hostnames = {"a.example.com", "*.example.org"};
  route.listeners = {0};
  for (const auto& [kind, path, service] : rules) {
    ir::RouteRule rule;
    rule.matches = {ir::RouteMatch{{kind, path}, {}, {}, {}, {}}};
    rule.backends = {backend(service, 1)};
    route.rules.push_back(rule);
  }
  out.routes = {route};
  return out;
}

std::vector<std::string> lines(const RouteDiff& diff) {
  std::vector<std::string> out;
  for (const RequestDifference& one : diff.found) out.push_back(one.request.host + one.request.path + ": " + one.before + " | " + one.after);
  return out;
}

}  // namespace

TEST_CASE("a rule that goes elsewhere is told once for each host", "[verify][diff]") {
  const auto before = table({{ir::PathKind::Prefix, "/a", "v1"}, {ir::PathKind::Exact, "/b", "v1"}});
  const auto after = table({{ir::PathKind::Prefix, "/a", "v2"}, {ir::PathKind::Exact, "/b", "v1"}});
  CHECK(lines(diff_routes(before, after)) ==
        std::vector<std::string>{"a.example.com/a: shop/v1:80 100 % | shop/v2:80 100 %", "any.example.org/a: shop/v1:80 100 % | shop/v2:80 100 %"});
  CHECK(diff_routes(before, before).found.empty());
  CHECK(diff_routes(before, before).asked > 4);
}

TEST_CASE("what is new, gone or hidden is found", "[verify][diff]") {
  const auto before = table({{ir::PathKind::Prefix, "/a", "v1"}}), after = table({{ir::PathKind::Prefix, "/a", "v1"}, {ir::PathKind::Exact, "/a/below", "v2"}});
  REQUIRE(diff_routes(before, after).found.size() == 2);
  CHECK(diff_routes(before, after).found.front().after == "shop/v2:80 100 %");
  CHECK(diff_routes(after, before).found.front().after == "shop/v1:80 100 %");
  CHECK(diff_routes(before, ir::RouteTable{}).found.front().after == "nothing listens");
}
