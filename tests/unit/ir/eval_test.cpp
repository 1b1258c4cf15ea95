// policy.md section 4, one row for each sentence. The generated comparison is tests/differential.
#include "ir/eval/eval.h"

#include <catch2/catch.hpp>

#include "ir/flow/endpoint.h"

namespace weir::ir {
namespace {

Endpoint pod(const Cluster& cluster, const std::string& app, const std::string& node = "n1") {
  Endpoint endpoint{.kind = EndpointKind::Pod};
  endpoint.labels = identity_labels(cluster, "shop", {{"app", app}}, "default");
  endpoint.node = node;
  endpoint.name = "shop/" + app;
  return endpoint;
}

Endpoint outside(const std::string& address) { return endpoint_of(Cluster{}, *parse_address(address)); }

Endpoint node(const std::string& name) {
  Endpoint endpoint{.kind = EndpointKind::Node};
  endpoint.node = name;
  return endpoint;
}

Selector app(const std::string& value) {
  Selector selector;
  selector.add(equals("k8s", "app", value));
  selector.add(equals("k8s", kNamespaceKey, "shop"));
  return selector;
}

Rule ingress(Action action, std::optional<std::vector<Peer>> peers,
             std::optional<std::vector<PortMatch>> ports = std::nullopt) {
  Rule rule;
  rule.action = action;
  rule.subject = app("backend");
  rule.peers = std::move(peers);
  rule.ports = std::move(ports);
  return rule;
}

PolicySet set_of(std::vector<Rule> rules) {
  PolicySet set;
  set.policies.push_back({"CiliumNetworkPolicy", "shop", "p", {}});
  set.rules = std::move(rules);
  return set;
}

Peer cidr(const char* text, std::vector<const char*> except = {}) {
  CidrPeer peer{*parse_prefix(text), {}};
  for (const char* item : except) peer.except.push_back(*parse_prefix(item));
  return peer;
}

Flow to_backend(const Cluster& cluster, Endpoint source, std::uint16_t port = 8080) {
  Flow flow;
  flow.source = std::move(source);
  flow.destination = pod(cluster, "backend");
  flow.port = port;
  return flow;
}

const std::vector<PortMatch> kPort80 = {{Protocol::Tcp, {80, 80}}};

}  // namespace

TEST_CASE("one side of a connection", "[eval]") {
  const Cluster cluster;
  const Peer frontend = SelectorPeer{app("frontend")};
  struct Case {
    std::string_view why;
    std::vector<Rule> rules;
    Endpoint source;
    std::uint16_t port;
    Verdict verdict;
    DropReason reason;
    DefaultRule by_default;
  };
  Rule joins = ingress(Action::Deny, std::vector<Peer>{frontend});
  joins.default_deny = false;
  Rule other_subject = ingress(Action::Deny, std::nullopt);
  other_subject.subject = app("database");
  const std::vector<Case> cases = {
      {"no rule selects the subject: default allow", {other_subject}, pod(cluster, "frontend"), 80, Verdict::Allowed,
       DropReason::None, DefaultRule::DefaultAllow},
      {"a matching allow", {ingress(Action::Allow, std::vector<Peer>{frontend})}, pod(cluster, "frontend"), 80,
       Verdict::Allowed, DropReason::None, DefaultRule::None},
      {"another peer falls to the default deny", {ingress(Action::Allow, std::vector<Peer>{frontend})},
       pod(cluster, "other"), 80, Verdict::Denied, DropReason::PolicyDenied, DefaultRule::DefaultDeny},
      {"port 80 is not port 8080", {ingress(Action::Allow, std::vector<Peer>{frontend}, kPort80)},
       pod(cluster, "frontend"), 8080, Verdict::Denied, DropReason::PolicyDenied, DefaultRule::DefaultDeny},
      {"deny beats allow", {ingress(Action::Allow, std::nullopt), ingress(Action::Deny, std::vector<Peer>{frontend})},
       pod(cluster, "frontend"), 80, Verdict::Denied, DropReason::PolicyDeny, DefaultRule::None},
      {"absent peers are anybody", {ingress(Action::Allow, std::nullopt, kPort80)}, outside("192.0.2.1"), 80,
       Verdict::Allowed, DropReason::None, DefaultRule::None},
      {"empty peers are nobody", {ingress(Action::Allow, std::vector<Peer>{}, kPort80)}, outside("192.0.2.1"), 80,
       Verdict::Denied, DropReason::PolicyDenied, DefaultRule::DefaultDeny},
      {"empty ports are none", {ingress(Action::Allow, std::nullopt, std::vector<PortMatch>{})}, outside("192.0.2.1"), 80,
       Verdict::Denied, DropReason::PolicyDenied, DefaultRule::DefaultDeny},
      {"a rule that does not isolate leaves the rest allowed", {joins}, pod(cluster, "other"), 80, Verdict::Allowed,
       DropReason::None, DefaultRule::DefaultAllow},
      {"the local host is let in last", {ingress(Action::Allow, std::vector<Peer>{frontend})}, node("n1"), 80,
       Verdict::Allowed, DropReason::None, DefaultRule::AllowLocalhost},
      {"another node is not the local host", {ingress(Action::Allow, std::vector<Peer>{frontend})}, node("n2"), 80,
       Verdict::Denied, DropReason::PolicyDenied, DefaultRule::DefaultDeny},
      {"a deny of all beats the localhost allow", {ingress(Action::Deny, std::vector<Peer>{SelectorPeer{}})}, node("n1"),
       80, Verdict::Denied, DropReason::PolicyDeny, DefaultRule::None},
      {"a CIDR admits an outside address", {ingress(Action::Allow, std::vector<Peer>{cidr("192.0.2.0/24")})},
       outside("192.0.2.1"), 80, Verdict::Allowed, DropReason::None, DefaultRule::None},
      {"except takes it away again", {ingress(Action::Allow, std::vector<Peer>{cidr("192.0.2.0/24", {"192.0.2.1/32"})})},
       outside("192.0.2.1"), 80, Verdict::Denied, DropReason::PolicyDenied, DefaultRule::DefaultDeny},
      {"a CIDR never matches a pod by default", {ingress(Action::Allow, std::vector<Peer>{cidr("0.0.0.0/0")})},
       pod(cluster, "frontend"), 80, Verdict::Denied, DropReason::PolicyDenied, DefaultRule::DefaultDeny},
  };
  for (const Case& c : cases) {
    INFO(c.why);
    const SideDecision side = decide_side(set_of(c.rules), cluster, to_backend(cluster, c.source, c.port), Direction::Ingress);
    CHECK(side.verdict == c.verdict);
    CHECK(side.reason == c.reason);
    CHECK(side.default_rule == c.by_default);
  }
}

TEST_CASE("the most specific rule is named first", "[eval]") {
  const Cluster cluster;
  const Peer frontend = SelectorPeer{app("frontend")};
  const PolicySet policies = set_of({ingress(Action::Allow, std::vector<Peer>{SelectorPeer{}}),
                                     ingress(Action::Allow, std::vector<Peer>{frontend}),
                                     ingress(Action::Allow, std::nullopt, kPort80)});
  const SideDecision side =
      decide_side(policies, cluster, to_backend(cluster, pod(cluster, "frontend"), 80), Direction::Ingress);
  // flows.md 1.5: on TCP/9080 Cilium reported L4-only although an L3-only allow matched too.
  CHECK(side.match == MatchType::L4Only);
  CHECK(side.decided_by == std::vector<RuleId>{{2}, {1}, {0}});
}

TEST_CASE("which entry of the policy map a packet meets", "[eval]") {
  const Cluster cluster;
  const std::vector<Peer> frontend = {SelectorPeer{app("frontend")}};
  const auto range = [](std::uint16_t first, std::uint16_t last) { return std::vector<PortMatch>{{Protocol::Tcp, {first, last}}}; };
  const auto with = [](Rule rule, L7Rules l7) {
    rule.l7 = std::move(l7);
    return rule;
  };
  L7Rules http, names;
  http.http.push_back({.method = "GET"});
  names.server_names.push_back("example.com");
  struct Case {
    std::string_view why;
    std::vector<Rule> rules;
    MatchType match;
  };
  const std::vector<Case> cases = {
      {"the same port: the peer's own", {ingress(Action::Allow, std::nullopt, kPort80), ingress(Action::Allow, frontend, kPort80)}, MatchType::L3L4},
      {"a redirect comes first", {with(ingress(Action::Allow, std::nullopt, kPort80), http), ingress(Action::Allow, frontend, kPort80)}, MatchType::L4Only},
      {"of more ports too", {with(ingress(Action::Allow, frontend, range(64, 127)), http), ingress(Action::Allow, std::nullopt, kPort80)}, MatchType::L3L4},
      {"of two the HTTP one", {with(ingress(Action::Allow, frontend, kPort80), names), with(ingress(Action::Allow, std::nullopt, range(64, 127)), http)}, MatchType::L4Only},
      {"ranges are blocks: 80 to 84 holds 80 to 83", {ingress(Action::Allow, frontend, range(80, 84)), ingress(Action::Allow, std::nullopt, range(80, 83))}, MatchType::L3L4},
      {"and 79 to 81 holds 80 to 81", {ingress(Action::Allow, frontend, range(80, 83)), ingress(Action::Allow, std::nullopt, range(79, 82))}, MatchType::L4Only},
      {"a whole protocol is wider than a port", {ingress(Action::Allow, frontend, range(0, 65535)), ingress(Action::Allow, std::nullopt, kPort80)}, MatchType::L4Only},
  };
  for (const Case& c : cases) {
    INFO(c.why);
    const Flow flow = to_backend(cluster, pod(cluster, "frontend"), 80);
    CHECK(decide_side(set_of(c.rules), cluster, flow, Direction::Ingress).match == c.match);
  }
}

TEST_CASE("enforcement modes", "[eval]") {
  Cluster cluster;
  const Flow flow = to_backend(cluster, pod(cluster, "frontend"));
  const PolicySet deny = set_of({ingress(Action::Deny, std::nullopt)});
  cluster.settings.enforcement = Enforcement::Never;
  CHECK(decide(deny, cluster, flow).verdict == Verdict::Allowed);
  cluster.settings.enforcement = Enforcement::Always;
  CHECK(decide(set_of({}), cluster, flow).verdict == Verdict::Denied);
  // Issue 48444: 1.20 forgets the localhost allow when no rule selects the pod; 1.19 does not.
  const Flow probe = to_backend(cluster, node("n1"));
  CHECK(decide_side(set_of({}), cluster, probe, Direction::Ingress).verdict == Verdict::Denied);
  cluster.settings.dialect = Dialect::Cilium119;
  CHECK(decide_side(set_of({}), cluster, probe, Direction::Ingress).verdict == Verdict::Allowed);
}

TEST_CASE("pass skips the rest of its tier", "[eval]") {
  const Cluster cluster;
  Rule pass = ingress(Action::Pass, std::nullopt);
  pass.tier = Tier::Admin;
  pass.default_deny = false;
  Rule skipped = ingress(Action::Deny, std::nullopt);
  skipped.tier = Tier::Admin;
  skipped.priority = 1;
  Rule allow = ingress(Action::Allow, std::nullopt);
  const Flow flow = to_backend(cluster, pod(cluster, "frontend"));
  CHECK(decide(set_of({pass, skipped, allow}), cluster, flow).verdict == Verdict::Allowed);
  CHECK(decide(set_of({skipped, allow}), cluster, flow).verdict == Verdict::Denied);
}

TEST_CASE("icmp", "[eval]") {
  const Cluster cluster;
  const PolicySet policies = set_of({ingress(Action::Allow, std::nullopt, std::vector<PortMatch>{{Protocol::Icmp, {8, 8}}})});
  Flow flow = to_backend(cluster, outside("192.0.2.1"), 8);
  flow.protocol = Protocol::Icmp;
  CHECK(decide(policies, cluster, flow).verdict == Verdict::Allowed);
  flow.port = 13;
  CHECK(decide(policies, cluster, flow).verdict == Verdict::Denied);
  flow.port = 3;
  flow.icmp_code = 4;
  CHECK(decide(policies, cluster, flow).ingress.default_rule == DefaultRule::IcmpFragNeeded);
  flow.icmp_code = 1;
  CHECK(decide(policies, cluster, flow).verdict == Verdict::Denied);
}

}  // namespace weir::ir
