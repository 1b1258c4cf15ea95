// Recorded HTTP requests through the gateways before and after a change.

#include "tests/unit/simulator/replay/replay_text.h"

using namespace weir;
using namespace weir::simulator;
using test::FlowText;

namespace {

/// A gateway for shop.example.com whose /api goes to `service`.
std::string gateway(const std::string& service) {
  return R"(
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: cilium}
spec: {controllerName: io.cilium/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec:
  gatewayClassName: cilium
  listeners: [{name: http, port: 8000, protocol: HTTP, hostname: "*.example.com"}]
---
apiVersion: v1
kind: Service
metadata: {name: v1, namespace: shop}
spec: {clusterIP: 10.96.0.1, selector: {app: db}, ports: [{port: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: v2, namespace: shop}
spec: {clusterIP: 10.96.0.2, selector: {app: db}, ports: [{port: 8080}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api, namespace: shop}
spec:
  parentRefs: [{name: web}]
  rules: [{matches: [{path: {value: /api}}], backendRefs: [{name: )" + service + ", port: 8080}]}]\n";
}

std::string request(const std::string& url, bool from_gateway = false) {
  FlowText text;
  text.type = "L7";
  if (from_gateway) text.source = R"("identity":8,"labels":["reserved:ingress"])";
  text.event = R"("l7":{"type":"REQUEST","http":{"method":"GET","url":")" + url +
               R"(","protocol":"HTTP/1.1"}},"event_type":{"type":129},"traffic_direction":"INGRESS","is_reply":false)";
  return text.line();
}

}  // namespace

TEST_CASE("recorded requests that go elsewhere after the change", "[routes]") {
  const std::string lines = request("http://shop.example.com/api/items?x=1") + request("http://shop.example.com/api/items?x=1") +
                            request("http://shop.example.com/other") + request("http://elsewhere.org/api") +
                            request("http://shop.example.com/api/again", true);
  const test::Replay replay = test::replay_text({test::kPods + gateway("v2"), test::kPods + gateway("v1"), {lines}});
  REQUIRE(replay.report.routes.size() == 1);
  const RouteChange& change = replay.report.routes[0];
  CHECK(change.host == "shop.example.com");
  CHECK(change.path == "/api/items");
  CHECK(change.before == "shop/v1:8080 100%");
  CHECK(change.after == "shop/v2:8080 100%");
  CHECK(change.count == 2);
  REQUIRE(change.routes.size() == 1);
  CHECK(change.routes[0].name == "api");
  CHECK(test::replay_text({test::kPods + gateway("v1"), test::kPods + gateway("v1"), {lines}}).report.routes.empty());
}

TEST_CASE("recorded requests that no route takes after the change", "[routes]") {
  std::string after = gateway("v1");
  after.replace(after.find("value: /api"), 11, "value: /v2");
  const test::Replay replay = test::replay_text({test::kPods + after, test::kPods + gateway("v1"), {request("http://shop.example.com/api")}});
  REQUIRE(replay.report.routes.size() == 1);
  CHECK(replay.report.routes[0].after == "404");
}

TEST_CASE("recorded requests that are redirected after the change", "[routes]") {
  std::string after = gateway("v1");
  const std::string backends = "backendRefs: [{name: v1, port: 8080}]";
  after.replace(after.find(backends), backends.size(), "filters: [{type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 301}}]");
  const test::Replay replay = test::replay_text({test::kPods + after, test::kPods + gateway("v1"), {request("http://shop.example.com/api/items?x=1")}});
  REQUIRE(replay.report.routes.size() == 1);
  CHECK(replay.report.routes[0].before == "shop/v1:8080 100%");
  CHECK(replay.report.routes[0].after == "redirect 301 https://shop.example.com/api/items?x=1");
}
