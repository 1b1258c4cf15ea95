#include <catch2/catch.hpp>

#include "ir/eval/route_parts.h"
#include "tests/unit/ir/route_samples.h"

using namespace weir::ir;
using namespace weir::ir::router;

namespace {

RouteTable with_filters(std::vector<Filter> filters, RouteMatch match = path(PathKind::Prefix, "/"),
                        GatewayDialect dialect = GatewayDialect::Spec) {
  RouteTable out = table({simple("a", std::move(match))});
  out.routes[0].rules[0].filters = std::move(filters);
  out.dialect = dialect;
  return out;
}

std::string value_of(const HeaderList& headers, const std::string& name) {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return "(none)";
}

}  // namespace

TEST_CASE("a replaced prefix (gateway.md 26)", "[route]") {
  struct Row { std::string path, prefix, replacement, result; };
  for (const Row& row : {Row{"/foo/bar", "/foo", "/xyz", "/xyz/bar"}, Row{"/foo/bar", "/foo", "/xyz/", "/xyz/bar"},
                         Row{"/foo/bar", "/foo/", "/xyz", "/xyz/bar"}, Row{"/foo/bar", "/foo/", "/xyz/", "/xyz/bar"},
                         Row{"/foo", "/foo", "/xyz", "/xyz"}, Row{"/foo/", "/foo", "/xyz", "/xyz/"}, Row{"/foo/bar", "/foo", "", "/bar"},
                         Row{"/foo/", "/foo", "", "/"}, Row{"/foo", "/foo", "", "/"}, Row{"/foo/", "/foo", "/", "/"},
                         Row{"/foo", "/foo", "/", "/"}, Row{"/bar", "/", "/xyz", "/xyz/bar"}}) {
    INFO(row.path << " " << row.prefix << " " << row.replacement);
    CHECK(replaced_prefix(row.path, row.prefix, row.replacement, false) == row.result);
  }
  CHECK(replaced_prefix("/foo", "/foo/", "/", false) == "/");
  CHECK(replaced_prefix("/foo", "/foo/", "/", true) == "/foo");  // gateway.md 2 "rewrite prefix"
}

TEST_CASE("headers are set, added and removed without case (gateway.md 24)", "[route]") {
  HeaderList headers = {{"x-set", "old"}, {"X-Add", "one"}, {"X-Remove", "gone"}, {"Other", "stays"}};
  headers = edited(headers, {.set = {{"X-Set", "new"}}, .add = {{"x-add", "two"}, {"X-Fresh", "f"}}, .remove = {"x-remove"}});
  CHECK(value_of(headers, "X-Set") == "new");
  CHECK(value_of(headers, "x-set") == "(none)");
  CHECK(value_of(headers, "X-Add") == "one,two");
  CHECK(value_of(headers, "X-Fresh") == "f");
  CHECK(value_of(headers, "X-Remove") == "(none)");
  CHECK(value_of(headers, "Other") == "stays");
}

TEST_CASE("where a redirect leads (gateway.md 25)", "[route]") {
  const auto location = [](const RequestRedirect& filter, std::string scheme, std::uint16_t port, std::string way = "/a/b") {
    Request request = get("old.example.com", std::move(way));
    request.scheme = std::move(scheme);
    request.query = {{"q", "1"}};
    const auto protocol = request.scheme == "https" ? ListenerProtocol::Https : ListenerProtocol::Http;
    return redirected(filter, path(PathKind::Prefix, "/a"), listener("l", "", protocol, port), request).location;
  };
  RequestRedirect host;
  host.hostname = "example.org";
  CHECK(location(host, "http", 80) == "http://example.org/a/b?q=1");
  CHECK(location(host, "http", 8080) == "http://example.org:8080/a/b?q=1");  // the listener's port
  CHECK(location(host, "https", 443) == "https://example.org/a/b?q=1");
  RequestRedirect scheme;
  scheme.scheme = "https";
  CHECK(location(scheme, "http", 8080) == "https://old.example.com/a/b?q=1");  // that of the scheme
  scheme.port = 8443;
  CHECK(location(scheme, "http", 80) == "https://old.example.com:8443/a/b?q=1");
  RequestRedirect moved;
  moved.path = PathEdit{PathEditKind::Prefix, "/x"};
  CHECK(location(moved, "http", 80) == "http://old.example.com/x/b?q=1");
}

TEST_CASE("a redirect ends the request, what the backend sees is rewritten", "[route]") {
  RequestRedirect redirect;
  redirect.status = 301;
  const RouteDecision away = route(with_filters({redirect}), get("h", "/x"));
  CHECK(away.outcome == RouteOutcome::Redirect);
  CHECK(away.status == 301);
  CHECK(away.backends.empty());
  UrlRewrite rewrite;
  rewrite.hostname = "inside";
  rewrite.path = PathEdit{PathEditKind::Prefix, "/v2"};
  const RouteDecision served = route(with_filters({rewrite, RequestHeaders{{.set = {{"X", "1"}}, .add = {}, .remove = {}}}}, path(PathKind::Prefix, "/v1")), get("h", "/v1/a"));
  REQUIRE(served.backends.size() == 1);
  CHECK(served.backends[0].forwarded.host == "inside");
  CHECK(served.backends[0].forwarded.path == "/v2/a");
  CHECK(value_of(served.backends[0].forwarded.headers, "X") == "1");
}

TEST_CASE("filters of a backend are for its requests alone", "[route]") {
  RouteTable two = with_filters({});
  two.routes[0].rules[0].backends = {backend("x"), backend("y")};
  two.routes[0].rules[0].backends[1].filters = {ResponseHeaders{{.set = {{"Y", "1"}}, .add = {}, .remove = {}}}};
  const RouteDecision decision = route(two, get("h", "/"));
  CHECK(decision.backends[0].response.set.empty());
  CHECK(decision.backends[1].response.set.size() == 1);
}

TEST_CASE("copies (gateway.md 27)", "[route]") {
  RequestMirror mirror{.namespace_name = "shop", .service = "copy", .port = 80, .invalid = {}, .numerator = 1, .denominator = 1000};
  CHECK(route(with_filters({mirror}), get("h", "/")).mirrors.size() == 1);
  CHECK(route(with_filters({mirror}, path(PathKind::Prefix, "/"), GatewayDialect::Cilium120), get("h", "/")).mirrors.empty());  // 0 whole percents
  mirror.invalid = "BackendNotFound";
  const RouteDecision bad = route(with_filters({mirror}), get("h", "/"));
  CHECK(bad.mirrors.empty());
  CHECK(bad.outcome == RouteOutcome::Backends);
}

TEST_CASE("cross-origin requests (gateway.md 28)", "[route]") {
  Cors cors;
  cors.origins = {"https://*.example.com", "http://one.org"};
  cors.methods = {"GET", "PUT"};
  Request preflight = get("h", "/");
  preflight.method = "OPTIONS";
  preflight.headers = {{"Origin", "https://a.b.example.com"}, {"Access-Control-Request-Method", "PUT"}};
  const RouteDecision yes = route(with_filters({cors}), preflight);
  CHECK(yes.outcome == RouteOutcome::Response);
  CHECK(yes.status == 200);
  CHECK(value_of(yes.response.set, "Access-Control-Allow-Origin") == "https://a.b.example.com");
  CHECK(value_of(yes.response.set, "Access-Control-Allow-Methods") == "GET, PUT");
  CHECK(value_of(yes.response.set, "Access-Control-Max-Age") == "5");
  for (const std::string origin : {"https://example.com", "http://a.example.com", "https://example.com.evil.org"}) {
    preflight.headers[0].second = origin;
    CHECK(route(with_filters({cors}), preflight).status == 403);
  }
  Request plain = get("h", "/");
  plain.headers = {{"Origin", "http://one.org"}};
  const RouteDecision served = route(with_filters({cors}), plain);
  CHECK(served.outcome == RouteOutcome::Backends);
  CHECK(value_of(served.backends[0].response.set, "Access-Control-Allow-Origin") == "http://one.org");
}

TEST_CASE("a filter that cannot be honoured is never skipped (gateway.md 28)", "[route]") {
  const RouteDecision decision = route(with_filters({BrokenFilter{.status = 500, .why = "no such extension"}}), get("h", "/"));
  CHECK(decision.outcome == RouteOutcome::Response);
  CHECK(decision.status == 500);
  CHECK(decision.why == "no such extension");
}

TEST_CASE("timeouts (gateway.md 34)", "[route]") {
  RouteTable routes = with_filters({});
  routes.routes[0].rules[0].request_timeout = 500;
  routes.routes[0].rules[0].backend_timeout = 200;
  CHECK(route(routes, get("h", "/")).timeout == 500);
  routes.dialect = GatewayDialect::Cilium120;
  CHECK(route(routes, get("h", "/")).timeout == 200);
  routes.routes[0].rules[0].request_timeout = 0;
  CHECK(route(routes, get("h", "/")).timeout == 200);
  routes.routes[0].rules[0].backend_timeout = 0;
  CHECK_FALSE(route(routes, get("h", "/")).timeout);
}
