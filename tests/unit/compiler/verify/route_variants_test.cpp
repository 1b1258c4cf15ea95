// Rules that are written differently: what one request shows is told, and two ways to write one rule are one.
#include "compiler/verify/route_variants.h"

#include <catch2/catch.hpp>

#include "compiler/verify/route_compare.h"

using namespace weir;
using namespace weir::compiler;

namespace {

ir::Backend backend(const char* service, const char* invalid = "") {
  ir::Backend out;
  out.namespace_name = "shop", out.service = service, out.port = 80, out.invalid = invalid;
  out.pods = {std::string("shop/") + service + "-1"};
  out.pod_ports = {80};
  return out;
}

/// One listener, one route, one rule below /a.
ir::RouteTable table(std::vector<ir::Filter> filters, std::vector<ir::Backend> backends = {backend("web")}, ir::GatewayDialect dialect = ir::GatewayDialect::Spec) {
  ir::RouteTable out;
  out.dialect = dialect;
  ir::Listener listener;
  listener.gateway_namespace = "shop", listener.gateway = "web", listener.name = "http", listener.port = 80;
  out.listeners = {listener};
  ir::Route route;
  route.namespace_name = "shop", route.name = "r";
  route.listeners = {0};
  ir::RouteRule rule;
  rule.matches = {ir::RouteMatch{{ir::PathKind::Prefix, "/a"}, {}, {}, {}, {}}};
  rule.filters = std::move(filters);
  rule.backends = std::move(backends);
  route.rules = {rule};
  out.routes = {route};
  return out;
}

ir::Filter set(ir::HeaderList headers) { return ir::RequestHeaders{{std::move(headers), {}, {}}}; }
ir::Filter rewrite(const char* to, ir::PathEditKind kind = ir::PathEditKind::Prefix) { return ir::UrlRewrite{{}, ir::PathEdit{kind, to}}; }
ir::Filter redirect(std::optional<std::string> scheme, std::optional<std::uint16_t> port) { return ir::RequestRedirect{std::move(scheme), {}, {}, port, 302}; }
ir::Filter cors(std::vector<std::string> origins, std::uint32_t age = 5) { return ir::Cors{std::move(origins), {"GET"}, {}, {}, false, age}; }

std::string told(const ir::RouteTable& before, const ir::RouteTable& after) {
  const RouteDiff diff = compare_routes(before, after);
  if (!diff.unknown.empty()) return "unknown";
  if (diff.found.empty()) return "alike";
  const ir::Request& request = diff.found.front().request;
  std::string text = request.method + " " + request.path;
  for (const auto& [name, value] : request.headers) text += " " + name + ": " + value;
  return text + ": " + diff.found.front().before + " | " + diff.found.front().after;
}

}  // namespace

TEST_CASE("what one request shows is told", "[verify][diff]") {
  const ir::Filter add = ir::RequestHeaders{{{}, {{"X", "a"}}, {}}}, remove = ir::RequestHeaders{{{}, {}, {"X"}}};
  CHECK(told(table({}), table({remove})) == "GET /a x: sample: shop/web:80 100 % | shop/web:80 100 % without headers");
  CHECK(told(table({set({{"X", "a"}})}), table({add})) == "GET /a x: sample: shop/web:80 100 % x=a | shop/web:80 100 % x=sample,a");
  CHECK(told(table({rewrite("/x")}), table({rewrite("/x", ir::PathEditKind::Full)})).starts_with("GET /a/"));
  CHECK(told(table({}), table({cors({"https://a.org"})})) ==
        "OPTIONS /a origin: https://a.org access-control-request-method: GET: shop/web:80 100 % | 200");
  CHECK(told(table({cors({"https://a.org"})}), table({cors({"https://a.org", "https://*.a.org"})})).ends_with(": 403 | 200"));
}

TEST_CASE("two ways to write one rule are one", "[verify][diff]") {
  CHECK(told(table({redirect("https", std::nullopt)}, {}), table({redirect("https", 443)}, {})) == "alike");
  CHECK(told(table({redirect(std::nullopt, 8080)}, {}), table({redirect("http", 8080)}, {})) == "alike");
  CHECK(told(table({redirect("https", std::nullopt)}, {}), table({redirect("https", 8443)}, {})) != "alike");
  for (const auto dialect : {ir::GatewayDialect::Spec, ir::GatewayDialect::Cilium120}) {
    CHECK(told(table({rewrite("/")}, {backend("web")}, dialect), table({rewrite("")}, {backend("web")}, dialect)) == "alike");
    CHECK(told(table({rewrite("/x")}, {backend("web")}, dialect), table({rewrite("/x/")}, {backend("web")}, dialect)) == "alike");
  }
  CHECK(told(table({set({{"X", "a"}, {"Y", "b"}})}), table({set({{"y", "b"}, {"x", "a"}})})) == "alike");
  CHECK(told(table({cors({"https://A.org", "https://b.org"})}), table({cors({"https://b.org", "https://a.org"}, 60)})) == "alike");
  CHECK(told(table({}, {backend("a", "BackendNotFound")}), table({}, {backend("b", "RefNotPermitted")})) == "alike");
}

TEST_CASE("where no backend serves, the first one answers", "[verify][diff]") {
  ir::Backend missing = backend("a", "BackendNotFound"), empty = backend("b");
  empty.pods.clear(), empty.pod_ports.clear();
  CHECK(told(table({}, {missing, empty}), table({}, {empty, missing})) == "GET /a: 500 | 503");
  CHECK(told(table({}, {missing, empty}), table({}, {missing})) == "alike");
  CHECK(told(table({}, {missing, backend("c")}), table({}, {backend("c"), missing})) == "alike");
}
