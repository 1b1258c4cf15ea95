// Requests that other gateways send elsewhere, and tables compared over all requests.
#include <catch2/catch.hpp>

#include "compiler/verify/route_compare.h"
#include "ir/eval/route.h"
#include "tests/unit/compiler/verify/verified.h"
#include "tests/unit/ir/route_samples.h"

namespace weir::test {
namespace {

using ir::GatewayDialect;
using ir::PathKind;
using Lines = std::vector<std::string>;

ir::RouteTable table(GatewayDialect dialect, const std::vector<std::pair<std::vector<ir::RouteMatch>, std::string>>& rules) {
  ir::RouteTable out;
  out.dialect = dialect;
  out.listeners = {ir::listener("http", "")};
  ir::Route route;
  route.namespace_name = "shop", route.name = "r", route.listeners = {0}, route.hostnames = {"a.example.com"};
  for (const auto& [matches, service] : rules) {
    ir::RouteRule rule;
    rule.matches = matches;
    rule.backends = {ir::backend(service)};
    route.rules.push_back(std::move(rule));
  }
  out.routes = {std::move(route)};
  return out;
}

ir::RouteMatch with_header(ir::RouteMatch match, ir::ValueKind kind, const std::string& value) {
  match.headers.push_back({"x-user", kind, value});
  return match;
}

Lines lines(const compiler::RouteDiff& diff) {
  Lines out;
  for (const auto& one : diff.found) out.push_back(one.request.method + " " + one.request.path + ": " + one.before + " | " + one.after);
  return out;
}

const ir::RouteMatch kPrefix = ir::path(PathKind::Prefix, "/a"), kRegex = ir::path(PathKind::Regex, "/a/[0-9]+"), kAll = ir::path(PathKind::Prefix, "/");

Lines told(const ir::RouteTable& own, std::vector<ir::RouteTable> others) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  static_cast<void>(compiler::verify({}, {}, {}, files, {}, diagnostics, {&own, {}, std::move(others)}));
  Lines out;
  for (const ir::Diagnostic& one : diagnostics.list()) out.push_back(std::string(info(one.kind).id) + " " + one.detail);
  return out;
}

}  // namespace

TEST_CASE("a regular expression ranks elsewhere in Istio", "[verify][routes]") {
  const auto in = [](GatewayDialect dialect) { return table(dialect, {{{kRegex}, "v1"}, {{kPrefix}, "v2"}}); };
  CHECK(told(in(GatewayDialect::Spec), {in(GatewayDialect::EnvoyGateway)}).empty());
  CHECK(told(in(GatewayDialect::Spec), {in(GatewayDialect::EnvoyGateway), in(GatewayDialect::Istio)}) ==
        Lines{"WEIR0431 istio answers GET http://a.example.com/a/0 otherwise than spec: `shop/v2:80 100 %` in place of `shop/v1:80 100 %`"});
  CHECK(told(in(GatewayDialect::Spec), {}).empty());
}

TEST_CASE("the witness of a dialect is what both routers say", "[verify][routes]") {
  const auto own = table(GatewayDialect::Spec, {{{kRegex}, "v1"}, {{kPrefix}, "v2"}}), other = table(GatewayDialect::Istio, {{{kRegex}, "v1"}, {{kPrefix}, "v2"}});
  const compiler::RouteDiff diff = compiler::compare_routes(own, other);
  REQUIRE(diff.found.size() == 1);
  CHECK(ir::route(own, diff.found[0].request).backends[0].backend.service == "v1");
  CHECK(ir::route(other, diff.found[0].request).backends[0].backend.service == "v2");
}

TEST_CASE("Cilium joins equal matches and sends all to a single backend of weight 0", "[verify][routes]") {
  const auto in = [](GatewayDialect dialect) {
    ir::RouteTable out = table(dialect, {{{kPrefix}, "v1"}});
    out.routes.push_back(out.routes[0]);
    out.routes[1].name = "s";
    out.routes[1].rules[0].backends = {ir::backend("v2")};
    return out;
  };
  CHECK(lines(compiler::compare_routes(in(GatewayDialect::Spec), in(GatewayDialect::Cilium120))) ==
        Lines{"GET /a: shop/v1:80 100 % | shop/v1:80 50 %, shop/v2:80 50 %"});
  const auto zero = [](GatewayDialect dialect) {
    ir::RouteTable out = table(dialect, {{{kPrefix}, "v1"}});
    out.routes[0].rules[0].backends[0].weight = 0;
    return out;
  };
  CHECK(lines(compiler::compare_routes(zero(GatewayDialect::Spec), zero(GatewayDialect::Cilium120))).size() == 1);
}

TEST_CASE("what samples miss", "[verify][diff]") {
  // Only one path in millions, and only with one header, goes elsewhere.
  const ir::RouteMatch deep = with_header(ir::path(PathKind::Regex, "/a/[0-9]{6}/x"), ir::ValueKind::Regex, "u[0-9]+");
  const auto before = table(GatewayDialect::Spec, {{{deep}, "v1"}, {{kAll}, "v1"}}), after = table(GatewayDialect::Spec, {{{deep}, "v2"}, {{kAll}, "v1"}});
  CHECK(lines(compiler::compare_routes(before, after)) == Lines{"GET /a/000000/x: shop/v1:80 100 % | shop/v2:80 100 %"});
}

TEST_CASE("the same, written otherwise, is proven equal", "[verify][diff]") {
  const auto one = table(GatewayDialect::Spec, {{{ir::path(PathKind::Regex, "/(a|b)(/.*)?")}, "v1"}, {{kAll}, "v2"}});
  const auto two = table(GatewayDialect::Spec, {{{kPrefix, ir::path(PathKind::Prefix, "/b")}, "v1"}, {{kAll}, "v2"}});
  const compiler::RouteDiff diff = compiler::compare_routes(one, two);
  CHECK(diff.found.empty());
  CHECK(diff.unknown.empty());
  ir::RouteTable shares = two;
  shares.routes[0].rules[0].backends[0].weight = 7;
  CHECK(compiler::compare_routes(one, shares).unknown.empty());
}

TEST_CASE("an expression that is too large stays unknown", "[verify][diff]") {
  const ir::RouteMatch huge = ir::path(PathKind::Regex, "/(.*a.{40}b){3}");
  const auto one = table(GatewayDialect::Spec, {{{huge}, "v1"}, {{kAll}, "v2"}}), two = table(GatewayDialect::Spec, {{{huge}, "v3"}, {{kAll}, "v2"}});
  const compiler::RouteDiff diff = compiler::compare_routes(one, two);
  REQUIRE(diff.unknown.size() == 1);
  CHECK(diff.unknown[0] == "requests to `a.example.com`, gateway infra/web port 80: weir cannot make a set of a regular expression");
  CHECK(compiler::compare_routes(one, one).unknown.empty());
}

}  // namespace weir::test
