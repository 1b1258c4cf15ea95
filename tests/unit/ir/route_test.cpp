#include "ir/eval/route.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "ir/route/hostname.h"
#include "tests/unit/ir/route_samples.h"

using namespace weir::ir;

namespace {

}  // namespace

TEST_CASE("hostnames meet (gateway.md 13)", "[route]") {
  struct Case { std::string_view why, listener, route; std::string both; };
  const auto c = GENERATE(values<Case>({
      {"no listener name takes the route's", "", "a.example.com", "a.example.com"},
      {"no route name takes the listener's", "a.example.com", "", "a.example.com"},
      {"equal", "a.example.com", "a.example.com", "a.example.com"},
      {"a wildcard takes a name below", "*.example.com", "a.example.com", "a.example.com"},
      {"of any depth", "*.example.com", "a.b.example.com", "a.b.example.com"},
      {"never the name itself", "*.example.com", "example.com", "(none)"},
      {"no suffix inside a label", "*.example.com", "a.badexample.com", "(none)"},
      {"two wildcards: the longer", "*.com", "*.example.com", "*.example.com"},
      {"from the other side too", "*.example.com", "*.com", "*.example.com"},
      {"wildcards beside each other", "*.example.com", "*.example.org", "(none)"},
      {"different names", "a.example.com", "b.example.com", "(none)"},
      {"the route's wildcard over a listener's name", "a.example.com", "*.example.com", "a.example.com"}}));
  INFO(c.why);
  CHECK(intersect(c.listener, c.route).value_or("(none)") == c.both);
}

TEST_CASE("hosts lose their port and their case", "[route]") {
  CHECK(host_of("Shop.Example.com:8080") == "shop.example.com");
  CHECK(host_of("[2001:DB8::1]:80") == "2001:db8::1");
  CHECK(host_of("2001:db8::1") == "2001:db8::1");
}

TEST_CASE("paths (gateway.md 20)", "[route]") {
  struct Case { std::string_view why; PathKind kind; std::string_view value, path; bool matches; };
  const auto c = GENERATE(values<Case>({
      {"exact", PathKind::Exact, "/a", "/a", true},
      {"exact minds the slash", PathKind::Exact, "/a", "/a/", false},
      {"exact minds the case", PathKind::Exact, "/a", "/A", false},
      {"root prefix takes all", PathKind::Prefix, "/", "/x/y", true},
      {"prefix itself", PathKind::Prefix, "/v2", "/v2", true},
      {"prefix below", PathKind::Prefix, "/v2", "/v2/x", true},
      {"prefix ends at a segment", PathKind::Prefix, "/v2", "/v2x", false},
      {"a trailing slash is dropped", PathKind::Prefix, "/v2/", "/v2", true},
      {"prefix starts at the front", PathKind::Prefix, "/v2", "/x/v2", false},
      {"regex is a full match", PathKind::Regex, "/v[0-9]", "/v2/x", false},
      {"regex", PathKind::Regex, "/v[0-9]+(/.*)?", "/v22/x", true},
      {"a broken regex matches nothing", PathKind::Regex, "/(", "/(", false}}));
  INFO(c.why);
  CHECK(path_matches({c.kind, std::string(c.value)}, c.path) == c.matches);
}

TEST_CASE("headers and parameters (gateway.md 21)", "[route]") {
  RouteMatch match;
  match.headers = {{"x-user", ValueKind::Exact, "premium"}};
  Request request = get("a", "/");
  CHECK_FALSE(matches(match, request));
  request.headers = {{"X-User", "premium"}};
  CHECK(matches(match, request));
  request.headers = {{"X-User", "Premium"}};
  CHECK_FALSE(matches(match, request));
  request.headers = {{"X-User", "premium"}, {"x-user", "b"}};
  CHECK_FALSE(matches(match, request));  // joined: "premium,b"
  match.headers = {{"x-user", ValueKind::Exact, "premium,b"}};
  CHECK(matches(match, request));

  RouteMatch query;
  query.query = {{"v", ValueKind::Exact, "1"}};
  request.query = {{"v", "1"}, {"v", "2"}};
  CHECK(matches(query, request));  // the first one counts
  request.query = {{"V", "1"}};
  CHECK_FALSE(matches(query, request));
}

TEST_CASE("precedence (gateway.md 22)", "[route]") {
  RouteMatch post = path(PathKind::Prefix, "/a");
  post.method = "GET";
  RouteMatch header = path(PathKind::Prefix, "/a");
  header.headers = {{"x", ValueKind::Exact, "1"}};
  RouteMatch query = path(PathKind::Prefix, "/a");
  query.query = {{"q", ValueKind::Exact, "1"}};
  struct Case { std::string_view why; Route one, other; std::string wins; };
  const std::vector<Case> cases = {
      {"b: exact before a longer prefix", simple("exact", path(PathKind::Exact, "/a/b")),
       simple("prefix", path(PathKind::Prefix, "/a/b")), "exact"},
      {"c: the longer prefix", simple("a-short", path(PathKind::Prefix, "/a")),
       simple("b-long", path(PathKind::Prefix, "/a/b")), "b-long"},
      {"regex before prefix", simple("a-prefix", path(PathKind::Prefix, "/a/b")),
       simple("b-regex", path(PathKind::Regex, "/a.*")), "b-regex"},
      {"exact before regex", simple("a-regex", path(PathKind::Regex, "/a/b.*.*")),
       simple("b-exact", path(PathKind::Exact, "/a/b")), "b-exact"},
      {"d: a method", simple("a-none", path(PathKind::Prefix, "/a")), simple("b-method", post), "b-method"},
      {"d before e", simple("a-header", header), simple("b-method", post), "b-method"},
      {"e before f", simple("a-query", query), simple("b-header", header), "b-header"},
      {"a: a precise host beats every path", simple("a-exact", path(PathKind::Exact, "/a/b"), {"*.example.com"}),
       simple("b-host", path(PathKind::Prefix, "/"), {"x.example.com"}), "b-host"},
      {"a: the longer wildcard", simple("a-wide", path(PathKind::Exact, "/a/b"), {"*.com"}),
       simple("b-narrow", path(PathKind::Prefix, "/"), {"*.example.com"}), "b-narrow"},
      {"a: a wildcard beats no name", simple("a-all", path(PathKind::Exact, "/a/b")),
       simple("b-named", path(PathKind::Prefix, "/"), {"*.example.com"}), "b-named"},
      {"a host that does not match is no candidate", simple("a-all", path(PathKind::Prefix, "/")),
       simple("b-other", path(PathKind::Exact, "/a/b"), {"y.example.com"}), "a-all"},
  };
  for (const Case& c : cases) {
    INFO(c.why);
    Request request = get("x.example.com", "/a/b");
    request.headers = {{"x", "1"}};
    request.query = {{"q", "1"}};
    CHECK(winner(table({c.one, c.other}), request) == c.wins);
    CHECK(winner(table({c.other, c.one}), request) == c.wins);
  }
}

TEST_CASE("ties go to the older route, then to the name (gateway.md 22 g, h)", "[route]") {
  RouteTable routes = table({simple("a", path(PathKind::Prefix, "/")), simple("b", path(PathKind::Prefix, "/"))});
  routes.dialect = GatewayDialect::Spec;
  CHECK(winner(routes, get("h", "/")) == "a");
  CHECK_FALSE(route(routes, get("h", "/")).assumptions.empty());
  routes.routes[1].created = "2026-01-01T00:00:00Z";
  CHECK(winner(routes, get("h", "/")) == "b");  // a missing timestamp is the newest
  CHECK(route(routes, get("h", "/")).assumptions.empty());
  routes.routes[0].created = "2025-01-01T00:00:00Z";
  CHECK(winner(routes, get("h", "/")) == "a");
}

TEST_CASE("names are compared as text or as fields (gateway.md 22 h)", "[route]") {
  RouteTable routes = table({simple("z", path(PathKind::Prefix, "/")), simple("a", path(PathKind::Prefix, "/x"))});
  routes.routes[1].rules = routes.routes[0].rules;
  routes.routes[1].namespace_name = "shop-b";  // "shop-b/a" < "shop/z" as text, since '-' < '/'
  routes.routes[0].rules[0].backends = {backend("of-shop")};
  routes.routes[1].rules[0].backends = {backend("of-shop-b")};
  routes.dialect = GatewayDialect::Spec;
  CHECK(winner(routes, get("h", "/")) == "of-shop-b");
  routes.dialect = GatewayDialect::Cilium120;
  CHECK(winner(routes, get("h", "/")) == "of-shop");
}

TEST_CASE("Cilium joins identical matches of two routes (gateway.md 2)", "[route]") {
  RouteTable routes = table({simple("a", path(PathKind::Prefix, "/")), simple("b", path(PathKind::Prefix, "/"))});
  const RouteDecision cilium = route(routes, get("h", "/"));
  REQUIRE(cilium.backends.size() == 2);
  CHECK(cilium.backends[0].share == Approx(0.5));
  CHECK_FALSE(cilium.assumptions.empty());
  routes.dialect = GatewayDialect::Spec;
  CHECK(route(routes, get("h", "/")).backends.size() == 1);
}

TEST_CASE("only routes of the chosen listener count (gateway.md 16, 17)", "[route]") {
  Route wide = simple("wide", path(PathKind::Prefix, "/"));
  Route narrow = simple("narrow", path(PathKind::Prefix, "/only"));
  narrow.listeners = {1};
  const RouteTable routes =
      table({wide, narrow}, {listener("all", ""), listener("shop", "shop.example.com"), listener("sub", "*.example.com")});
  CHECK(winner(routes, get("other.org", "/")) == "wide");
  CHECK(winner(routes, get("shop.example.com", "/only")) == "narrow");
  CHECK(winner(routes, get("shop.example.com", "/")) == "404");
  CHECK(winner(routes, get("x.example.com", "/")) == "404");
  CHECK(route(routes, get("SHOP.example.com:80", "/only")).listener == 1u);
}

TEST_CASE("ports and protocols", "[route]") {
  Route secure = simple("secure", path(PathKind::Prefix, "/"));
  secure.listeners = {1};
  const RouteTable routes = table({simple("plain", path(PathKind::Prefix, "/")), secure},
                                  {listener("http", ""), listener("https", "", ListenerProtocol::Https, 443),
                                   listener("tcp", "", ListenerProtocol::Tcp, 9000)});
  Request request = get("h", "/");
  request.port = 81;
  CHECK(route(routes, request).outcome == RouteOutcome::NoListener);
  request.scheme = "https";
  request.port = 443;
  CHECK(winner(routes, request) == "secure");
  request.scheme = "http";
  CHECK(route(routes, request).outcome == RouteOutcome::Rejected);
  request.scheme = "tcp";
  request.port = 9000;
  CHECK(route(routes, request).outcome == RouteOutcome::Rejected);
  request.gateway = "another";
  CHECK(route(routes, request).outcome == RouteOutcome::NoListener);
}

TEST_CASE("a request that belongs to another HTTPS listener (gateway.md 18)", "[route]") {
  Route one = simple("one", path(PathKind::Prefix, "/"));
  RouteTable routes = table({one}, {listener("a", "a.example.com", ListenerProtocol::Https, 443),
                                    listener("b", "b.example.com", ListenerProtocol::Https, 443)});
  Request request = get("b.example.com", "/");
  request.scheme = "https";
  request.port = 443;
  request.sni = "a.example.com";
  CHECK(winner(routes, request) == "404");
  routes.dialect = GatewayDialect::Spec;
  CHECK(winner(routes, request) == "421");
  request.host = "c.example.com";
  CHECK(winner(routes, request) == "404");
}

TEST_CASE("distribution and its statuses (gateway.md 31)", "[route]") {
  Backend missing = backend("missing");
  missing.invalid = "BackendNotFound";
  Backend idle = backend("idle");
  idle.pods.clear();
  idle.pod_ports.clear();
  Backend unknown = idle;
  unknown.endpoints_known = false;
  struct Case { std::string_view why; std::vector<Backend> backends; RouteOutcome outcome; std::uint32_t status;
                std::vector<std::pair<double, std::uint32_t>> shares; };
  const std::vector<Case> cases = {
      {"by weight", {backend("a", 90), backend("b", 10)}, RouteOutcome::Backends, 0, {{0.9, 0}, {0.1, 0}}},
      {"weight 0 gets nothing", {backend("a", 70), backend("b", 30), backend("c", 0)}, RouteOutcome::Backends, 0,
       {{0.7, 0}, {0.3, 0}}},
      {"an invalid one keeps its share", {backend("a", 3), missing}, RouteOutcome::Backends, 0, {{0.75, 0}, {0.25, 500}}},
      {"no ready pod", {backend("a"), idle}, RouteOutcome::Backends, 0, {{0.5, 0}, {0.5, 503}}},
      {"none is valid", {missing}, RouteOutcome::Response, 500, {{1, 500}}},
      {"none is ready", {idle}, RouteOutcome::Response, 503, {{1, 503}}},
      {"endpoints not known is no failure", {unknown}, RouteOutcome::Backends, 0, {{1, 0}}},
      {"no backendRefs", {}, RouteOutcome::Response, 500, {}},
      {"the sum is zero", {backend("a", 0), backend("b", 0)}, RouteOutcome::Response, 503, {}},
  };
  for (const Case& c : cases) {
    INFO(c.why);
    RouteTable routes = table({simple("r", path(PathKind::Prefix, "/"))});
    routes.routes[0].rules[0].backends = c.backends;
    const RouteDecision decision = route(routes, get("h", "/"));
    CHECK(decision.outcome == c.outcome);
    CHECK(decision.status == c.status);
    REQUIRE(decision.backends.size() == c.shares.size());
    for (std::size_t i = 0; i < c.shares.size(); ++i) {
      CHECK(decision.backends[i].share == Approx(c.shares[i].first));
      CHECK(decision.backends[i].status == c.shares[i].second);
    }
  }
}

TEST_CASE("one backend of weight 0 is a matter of dialect (gateway.md 31)", "[route]") {
  RouteTable routes = table({simple("r", path(PathKind::Prefix, "/"))});
  routes.routes[0].rules[0].backends = {backend("a", 0)};
  CHECK(winner(routes, get("h", "/")) == "a");
  CHECK_FALSE(route(routes, get("h", "/")).assumptions.empty());
  routes.dialect = GatewayDialect::Spec;
  CHECK(winner(routes, get("h", "/")) == "503");
}

TEST_CASE("an unusable listener takes nothing", "[route]") {
  RouteTable routes = table({simple("r", path(PathKind::Prefix, "/"))});
  routes.listeners[0].usable = false;
  CHECK(route(routes, get("h", "/")).outcome == RouteOutcome::NoListener);
}

namespace {

constexpr unsigned kSeed = 20260101;

/// A small random route; names are distinct, so that every tie can be decided.
Route random_route(std::mt19937& random, int number) {
  const auto pick = [&](std::vector<std::string> of) { return of[random() % of.size()]; };
  RouteMatch match = path(static_cast<PathKind>(random() % 3), pick({"/", "/a", "/a/b", "/.*", "/a/.*"}));
  if (random() % 3 == 0) match.method = "GET";
  if (random() % 3 == 0) match.headers = {{"x", ValueKind::Exact, "1"}};
  if (random() % 3 == 0) match.query = {{"q", ValueKind::Regex, "[0-9]"}};
  Route out = simple("r" + std::to_string(number), match);
  if (random() % 2 == 0) out.hostnames = {pick({"a.example.com", "*.example.com", "*.com"})};
  if (random() % 2 == 0) out.created = pick({"2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"});
  return out;
}

Request random_request(std::mt19937& random) {
  const auto pick = [&](std::vector<std::string> of) { return of[random() % of.size()]; };
  Request out = get(pick({"a.example.com", "b.example.com", "other.org"}), pick({"/", "/a", "/a/b", "/c"}));
  if (random() % 2 == 0) out.headers = {{"X", "1"}};
  if (random() % 2 == 0) out.query = {{"q", "7"}};
  return out;
}

}  // namespace

TEST_CASE("the order of the routes in the table decides nothing", "[route]") {
  std::mt19937 random(kSeed);
  INFO("seed " << kSeed);
  int served = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<Route> routes;
    for (int i = 0; i < 6; ++i) routes.push_back(random_route(random, i));
    RouteTable one = table(routes);
    one.dialect = round % 2 == 0 ? GatewayDialect::Spec : GatewayDialect::Cilium120;
    std::reverse(routes.begin(), routes.end());
    RouteTable other = table(routes);
    other.dialect = one.dialect;
    const Request request = random_request(random);
    const RouteDecision a = route(one, request), b = route(other, request);
    REQUIRE(a.outcome == b.outcome);
    REQUIRE(winner(one, request) == winner(other, request));
    REQUIRE(a.backends.size() == b.backends.size());
    served += a.outcome == RouteOutcome::Backends ? 1 : 0;
  }
  CHECK(served > 100);
}

TEST_CASE("a winner taken away is followed by the next, never by none", "[route]") {
  std::mt19937 random(kSeed + 1);
  INFO("seed " << kSeed + 1);
  for (int round = 0; round < 200; ++round) {
    RouteTable routes;
    for (int i = 0; i < 5; ++i) routes.routes.push_back(random_route(random, i));
    routes.listeners = {listener("http", "")};
    routes.dialect = GatewayDialect::Spec;
    const Request request = random_request(random);
    std::size_t matching = 0;
    for (const Route& r : routes.routes) matching += winner(table({r}), request) != "404" ? 1 : 0;
    std::size_t winners = 0;
    for (RouteDecision d = route(routes, request); d.choice; d = route(routes, request), ++winners)
      routes.routes.erase(routes.routes.begin() + d.choice->route);
    REQUIRE(winners == matching);
  }
}
