// policy.md section 5 on rules built by hand: names, server names, HTTP requests, and who decides a request.
#include <catch2/catch.hpp>

#include "ir/eval/eval.h"
#include "ir/eval/patterns.h"

using namespace weir::ir;

namespace {

struct Row {
  std::string_view why, pattern, name;
  bool matches;
};

Endpoint pod(const std::string& app, const std::string& address) {
  Endpoint end{.kind = EndpointKind::Pod};
  end.labels.set({"k8s", "app", app});
  end.address = parse_address(address);
  end.name = app;
  return end;
}

struct World {
  PolicySet policies;
  Cluster cluster;
  Flow flow{pod("client", "10.0.0.1"), pod("server", "10.0.0.2"), Protocol::Tcp, 80, 0, L7Request{}};

  World() {
    policies.policies.push_back({"CiliumNetworkPolicy", "shop", "p", {}, {}, {}});
    flow.request->http = HttpRequest{};
  }
  /// An ingress allow at the server from the client.
  Rule& allow(std::optional<L7Rules> l7, std::optional<std::uint16_t> port = 80) {
    Rule rule;
    rule.policy = PolicyId{0};
    rule.subject.add(equals("k8s", "app", "server"));
    Selector peer;
    peer.add(equals("k8s", "app", "client"));
    rule.peers = std::vector<Peer>{SelectorPeer{peer}};
    if (port) rule.ports = std::vector<PortMatch>{{Protocol::Tcp, {*port, *port}}};
    rule.l7 = std::move(l7);
    policies.rules.push_back(std::move(rule));
    return policies.rules.back();
  }
  Decision decide() const { return weir::ir::decide(policies, cluster, flow); }
};

L7Rules path(std::string text) {
  L7Rules rules;
  rules.http.push_back({.path = std::move(text), .method = {}, .host = {}, .headers = {}});
  return rules;
}

L7Rules server_name(std::string text) {
  L7Rules rules;
  rules.server_names.push_back(std::move(text));
  return rules;
}

}  // namespace

TEST_CASE("matchPattern since 1.19", "[ir][l7]") {
  const auto row = GENERATE(values<Row>({
      {"one label", "*.a.io", "x.a.io", true},
      {"not none", "*.a.io", "a.io", false},
      {"not two", "*.a.io", "x.y.a.io", false},
      {"a star may be empty inside a label", "*a.io", "a.io", true},
      {"and be text", "*a.io", "suba.io", true},
      {"but no dot", "*a.io", "www.a.io", false},
      {"a dot is a dot", "a.io", "axio", false},
      {"letters of any case", "A.io", "a.IO", true},
      {"a last dot means nothing", "a.io.", "a.io", true},
      {"only stars: every name", "*", "x.y.z", true},
      {"only stars: the root", "*", ".", true},
      {"two stars: one label", "**.a.io", "x.a.io", true},
      {"two stars: two labels", "**.a.io", "x.y.a.io", true},
      {"two stars: not none", "**.a.io", "a.io", false},
      {"two stars elsewhere are one", "x.**.a.io", "x.y.z.a.io", false},
      {"a run inside a label", "a***b.io", "axb.io", true}}));
  INFO(row.why << ": " << row.pattern << " " << row.name);
  CHECK(name_matches({std::string(row.pattern), false}, row.name, Dialect::Cilium120) == row.matches);
}

TEST_CASE("before 1.19 two stars are one", "[ir][l7]") {
  CHECK(name_matches({"**.a.io", false}, "x.a.io", Dialect::Cilium118));
  CHECK_FALSE(name_matches({"**.a.io", false}, "x.y.a.io", Dialect::Cilium118));
}

TEST_CASE("matchName is literal", "[ir][l7]") {
  CHECK(name_matches({"API.example.com", true}, "api.example.com.", Dialect::Cilium120));
  CHECK_FALSE(name_matches({"api.example.com", true}, "apixexample.com", Dialect::Cilium120));
}

TEST_CASE("serverNames", "[ir][l7]") {
  const auto row = GENERATE(values<Row>({
      {"literal", "a.example.com", "a.example.com", true},
      {"both are lower-cased", "A.example.com", "a.EXAMPLE.com", true},
      {"one star, one label", "*.example.com", "a.example.com", true},
      {"one star, two labels", "*.example.com", "a.b.example.com", false},
      {"two stars, two labels", "**.example.com", "a.b.example.com", true},
      {"two stars, none", "**.example.com", "example.com", false},
      {"two stars in the middle", "a.**.com", "a.b.c.com", true},
      {"a star alone is every name", "*", "a.b.c", true},
      {"two stars alone are every name", "**", "a.b.c", true},
      {"an empty name never", "*", "", false},
      {"a last dot never", "*", "a.b.", false},
      {"other characters never", "*", "a b", false}}));
  INFO(row.why << ": " << row.pattern << " " << row.name);
  CHECK(server_name_matches(row.pattern, row.name) == row.matches);
}

TEST_CASE("an HTTP rule is ANDed, on entire values", "[ir][l7]") {
  const Cluster cluster;
  HttpRequest request{"GET", "/a?x=1", "h:80", {{"X-A", "v"}}};
  HttpMatch match;
  CHECK(http_matches(match, request, cluster));
  match.path = "/a";
  CHECK_FALSE(http_matches(match, request, cluster));
  match.path = "/a.*";
  CHECK(http_matches(match, request, cluster));
  match.method = "GE";
  CHECK_FALSE(http_matches(match, request, cluster));
  match.method = "GET";
  match.host = "h";
  CHECK_FALSE(http_matches(match, request, cluster));
  match.host = "h:[0-9]+";
  CHECK(http_matches(match, request, cluster));
}

TEST_CASE("headers", "[ir][l7]") {
  Cluster cluster;
  cluster.secrets[{"shop", "s"}] = "v";
  const HttpRequest request{"GET", "/", "h", {{"X-A", "v"}}};
  const auto holds = [&](HeaderMatch header) {
    HttpMatch match;
    match.headers.push_back(std::move(header));
    return http_matches(match, request, cluster);
  };
  CHECK(holds({"x-a", "v", {}, Mismatch::Fail}));
  CHECK_FALSE(holds({"x-a", "w", {}, Mismatch::Fail}));
  CHECK(holds({"x-a", {}, {}, Mismatch::Fail}));
  CHECK_FALSE(holds({"x-b", {}, {}, Mismatch::Fail}));
  CHECK(holds({"x-b", "w", {}, Mismatch::Add}));
  CHECK(holds({"x-a", {}, SecretName{"shop", "s"}, Mismatch::Fail}));
  CHECK_FALSE(holds({"x-a", {}, SecretName{"shop", "missing"}, Mismatch::Fail}));
}

TEST_CASE("requests at the winning level", "[ir][l7]") {
  World world;
  world.allow(path("/a"));
  world.flow.request->http->path = "/b";
  SECTION("no rule matches") {
    const Decision decision = world.decide();
    CHECK(decision.verdict == Verdict::Denied);
    CHECK(decision.ingress.verdict == Verdict::Allowed);
    REQUIRE(decision.l7);
    CHECK(decision.l7->side == Direction::Ingress);
    CHECK(decision.l7->protocol == "http");
    CHECK(decision.l7->decided_by == std::vector<RuleId>{RuleId{0}});
  }
  SECTION("a plain allow of every port lifts the rules") {
    world.allow({}, std::nullopt);
    CHECK(world.decide().verdict == Verdict::Allowed);
  }
  SECTION("another rule admits it") {
    world.allow(path("/b"));
    CHECK(world.decide().l7->decided_by == std::vector<RuleId>{RuleId{1}});
  }
  SECTION("no default deny, no refusal") {
    world.policies.rules[0].default_deny = false;
    CHECK(world.decide().verdict == Verdict::Allowed);
  }
  SECTION("an allow of a later tier counts when nothing is isolated or the dialect says so") {
    world.allow({}).tier = Tier::Baseline;
    world.cluster.settings.derived_baseline_before_default_deny = true;
    CHECK(world.decide().verdict == Verdict::Allowed);
    world.cluster.settings.derived_proxy_sees_baseline = false;
    CHECK(world.decide().verdict == Verdict::Denied);
  }
  SECTION("a listener decides what weir cannot see") {
    L7Rules rules;
    rules.listener = "CiliumEnvoyConfig shop/x y";
    world.allow(rules);
    CHECK(world.decide().verdict == Verdict::Unknown);
  }
}

TEST_CASE("a plain allow beside server names", "[ir][l7]") {
  World world;
  world.flow.request = L7Request{.http = {}, .dns = {}, .sni = "b.example.com"};
  world.allow(server_name("a.example.com"));
  CHECK(world.decide().verdict == Verdict::Denied);
  SECTION("on the same selector and port it lifts nothing") {
    world.allow({});
    CHECK(world.decide().verdict == Verdict::Denied);
  }
  SECTION("on another selector it does") {
    world.allow({}).peers.reset();
    CHECK(world.decide().verdict == Verdict::Allowed);
  }
  SECTION("names of the same key are one set") {
    world.allow(server_name("b.example.com"));
    CHECK(world.decide().verdict == Verdict::Allowed);
  }
}
