// What the kernel can do for the listeners of gateways (datapath.md 3 "Gateways").
#include "compiler/lower/listeners.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <map>
#include <random>

#include "ir/eval/route.h"
#include "tests/unit/compiler/lower/fixture.h"

using namespace weir;
using namespace weir::compiler;

namespace {

/// Services web (two pods, one with IPv6), db (one pod) and none (no pod), each on port 80 to 8080, TCP and UDP.
ir::Cluster cluster_with_services() {
  ir::Cluster cluster = small_cluster();
  for (const char* name : {"db", "none", "web"}) {
    ir::Service service;
    service.namespace_name = "shop";
    service.name = name;
    service.selector = std::map<std::string, std::string>{{"app", name}};
    service.ports = {{"", ir::Protocol::Tcp, 80, "8080", ""}, {"", ir::Protocol::Udp, 80, "8080", ""}};
    cluster.services.push_back(service);
  }
  return cluster;
}

/// As compiler/resolve finds the pods of a backend.
ir::Backend to(const ir::Cluster& cluster, const std::string& service, std::uint32_t weight) {
  ir::Backend backend;
  backend.namespace_name = "shop";
  backend.service = service;
  backend.port = 80;
  backend.weight = weight;
  for (const ir::Pod& pod : cluster.pods)
    if (pod.workload.name == service) {
      backend.pods.push_back(pod.namespace_name + "/" + pod.name);
      backend.pod_ports.push_back(8080);
    }
  return backend;
}

/// One gateway with one listener on 10.9.0.1:80 and one route whose rule matches everything.
ir::RouteTable table(ir::ListenerProtocol protocol, std::vector<ir::Backend> backends) {
  ir::RouteTable out;
  out.dialect = ir::GatewayDialect::Spec;
  ir::Listener listener;
  listener.gateway_namespace = "shop";
  listener.gateway = "web";
  listener.name = "l";
  listener.protocol = protocol;
  listener.port = 80;
  listener.addresses = {address("10.9.0.1")};
  out.listeners = {listener};
  ir::Route route;
  route.kind = protocol == ir::ListenerProtocol::Udp ? "UDPRoute" : protocol == ir::ListenerProtocol::Tcp ? "TCPRoute" : "HTTPRoute";
  route.namespace_name = "shop";
  route.name = "r";
  route.listeners = {0};
  ir::RouteRule rule;
  rule.matches = {ir::RouteMatch{}};
  rule.backends = std::move(backends);
  route.rules = {rule};
  out.routes = {route};
  return out;
}

/// "kind reason" and the backends, of the only listener.
std::string lowered(const ir::RouteTable& table, const ir::Cluster& cluster) {
  const auto listeners = lower_listeners(table, cluster);
  REQUIRE(listeners.size() == 1);
  std::string text(to_text(listeners[0].kind));
  if (!listeners[0].reason.empty()) text += ": " + listeners[0].reason;
  for (const ir::TableBackend& b : listeners[0].backends)
    text += " " + ir::to_text(b.address) + ":" + std::to_string(b.port) + "*" + std::to_string(b.weight);
  return text;
}

}  // namespace

TEST_CASE("connections that their addresses decide are balanced over the pods of each Service", "[lower]") {
  const ir::Cluster cluster = cluster_with_services();
  for (const auto protocol : {ir::ListenerProtocol::Http, ir::ListenerProtocol::Tcp, ir::ListenerProtocol::Udp})
    CHECK(lowered(table(protocol, {to(cluster, "web", 90), to(cluster, "db", 10)}), cluster) ==
          "balance 10.0.0.1:8080*90 10.0.0.2:8080*90 10.0.0.3:8080*20");
  // A share that nobody serves is refused; weight 0 is none at all.
  CHECK(lowered(table(ir::ListenerProtocol::Tcp, {to(cluster, "db", 1), to(cluster, "none", 3)}), cluster) ==
        "balance 0.0.0.0:0*3 10.0.0.3:8080*1");
  CHECK(lowered(table(ir::ListenerProtocol::Tcp, {to(cluster, "db", 1), to(cluster, "web", 0)}), cluster) ==
        "balance 10.0.0.3:8080*1");
}

TEST_CASE("an IPv6 address of a gateway balances over the pods that have IPv6", "[lower]") {
  const ir::Cluster cluster = cluster_with_services();
  ir::RouteTable routes = table(ir::ListenerProtocol::Tcp, {to(cluster, "web", 1)});
  routes.listeners[0].addresses = {address("fd00:9::1")};
  CHECK(lowered(routes, cluster) == "balance fd00::1:8080*1");
  routes.routes[0].rules[0].backends = {to(cluster, "db", 1)};
  CHECK(lowered(routes, cluster) == "refuse: no backend has a ready pod of this address family");
}

TEST_CASE("what a proxy must look at becomes a redirect, and says why", "[lower]") {
  const ir::Cluster cluster = cluster_with_services();
  using Change = std::function<void(ir::RouteTable&)>;
  const std::pair<Change, const char*> cases[] = {
      {[](auto& t) { t.listeners[0].hostname = "a.example.com"; }, "the listener has a hostname"},
      {[](auto& t) { t.routes.clear(); }, "no route is attached, so only a proxy can answer 404"},
      {[](auto& t) { t.routes.push_back(t.routes[0]); }, "several routes are attached"},
      {[](auto& t) { t.routes[0].kind = "GRPCRoute"; }, "a GRPCRoute looks at the request"},
      {[](auto& t) { t.routes[0].hostnames = {"a.example.com"}; }, "its route has hostnames"},
      {[](auto& t) { t.routes[0].rules.push_back(t.routes[0].rules[0]); }, "its route has 2 rules"},
      {[](auto& t) { t.routes[0].rules[0].matches[0].path.value = "/a"; }, "its rule matches on the request"},
      {[](auto& t) { t.routes[0].rules[0].matches[0].method = "GET"; }, "its rule matches on the request"},
      {[](auto& t) { t.routes[0].rules[0].filters.emplace_back(); }, "its rule has filters"},
      {[](auto& t) { t.routes[0].rules[0].request_timeout = 5; }, "its rule has timeouts"},
      {[](auto& t) { t.routes[0].rules[0].backends[0].filters.emplace_back(); }, "a backend has filters"},
      {[](auto& t) { t.routes[0].rules[0].backends[0].tls_invalid = "x"; }, "a backend is reached over TLS"},
      {[](auto& t) { t.routes[0].rules[0].backends[0].app_protocol = "kubernetes.io/h2c"; }, "a backend speaks HTTP/2 without TLS"},
      {[](auto& t) { t.listeners[0].protocol = ir::ListenerProtocol::Https; }, "it terminates TLS"},
      {[](auto& t) {
         t.listeners[0].protocol = ir::ListenerProtocol::Tls;
         t.listeners[0].tls = ir::TlsMode::Passthrough;
       },
       "the server name of the handshake decides"},
      {[](auto& t) { t.listeners.push_back(t.listeners[0]); }, "2 listeners share the port"},
  };
  for (const auto& [change, why] : cases) {
    ir::RouteTable routes = table(ir::ListenerProtocol::Http, {to(cluster, "db", 1)});
    change(routes);
    CHECK(lowered(routes, cluster) == std::string("redirect: ") + why);
  }
}

TEST_CASE("what nobody can serve is refused, and says why", "[lower]") {
  const ir::Cluster cluster = cluster_with_services();
  CHECK(lowered(table(ir::ListenerProtocol::Http, {}), cluster) == "refuse: its rule has no backendRefs");
  CHECK(lowered(table(ir::ListenerProtocol::Tcp, {to(cluster, "db", 0), to(cluster, "web", 0)}), cluster) ==
        "refuse: every backend has weight 0");
  ir::RouteTable routes = table(ir::ListenerProtocol::Tcp, {to(cluster, "db", 1)});
  routes.listeners[0].usable = false;
  CHECK(lowered(routes, cluster) == "refuse: the listener is conflicted or invalid");
  routes.listeners[0].usable = true;
  routes.routes.clear();
  CHECK(lowered(routes, cluster) == "refuse: no route is attached");
  // A gateway without an address: nobody can reach it.
  routes.listeners[0].addresses.clear();
  CHECK(lower_listeners(routes, cluster).empty());
}

// The reference router says which share each Service gets; the table must give its pods the same.
TEST_CASE("the weights of a lowered listener are the shares of the reference router", "[lower]") {
  const ir::Cluster cluster = cluster_with_services();
  std::mt19937 random(11);
  const char* const services[] = {"web", "db", "none"};
  const std::map<std::string, std::string> owner{{"10.0.0.1", "web"}, {"10.0.0.2", "web"}, {"10.0.0.3", "db"}, {"0.0.0.0", "none"}};
  for (int i = 0; i < 500; ++i) {
    std::vector<ir::Backend> backends;
    for (const char* service : services)
      if (random() % 4 != 0) backends.push_back(to(cluster, service, random() % 3 == 0 ? 0 : random() % 1000));
    const ir::RouteTable routes = table(ir::ListenerProtocol::Tcp, backends);
    const auto listeners = lower_listeners(routes, cluster);
    ir::Request request;
    request.scheme = "tcp";
    request.port = 80;
    const ir::RouteDecision decision = ir::route(routes, request);
    REQUIRE(listeners.size() == 1);
    CHECK((listeners[0].kind == ir::ListenerKind::Balance) == (decision.outcome == ir::RouteOutcome::Backends));
    double total = 0;
    std::map<std::string, double> wanted, got;
    for (const ir::TableBackend& b : listeners[0].backends) total += static_cast<double>(b.weight);
    for (const ir::TableBackend& b : listeners[0].backends) got[owner.at(ir::to_text(b.address))] += static_cast<double>(b.weight) / total;
    if (listeners[0].kind == ir::ListenerKind::Balance)
      for (const ir::BackendShare& share : decision.backends) wanted[share.backend.service] += share.share;
    REQUIRE(got.size() == wanted.size());
    for (const auto& [service, share] : wanted) CHECK(std::abs(share - got[service]) < 1e-9);
  }
}
