#include "compiler/resolve/lints_routes.h"

#include <catch2/catch.hpp>

#include "ir/base/code.h"
#include "tests/unit/compiler/resolve/support.h"
#include "tests/unit/gateway_world.h"

using namespace weir;

namespace {

std::vector<ir::Diagnostic> blocked(const std::string& policies, const std::string& controller = "io.cilium/gateway-controller") {
  const auto run = test::run(test::gateway_world(controller) + policies);
  std::vector<ir::Diagnostic> found;
  for (const ir::Diagnostic& d : run.diagnostics.list())
    if (d.kind == ir::Code::RouteBlocked) found.push_back(d);
  return found;
}

const std::string kClientOnly = "{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{matchLabels: {app: client}}]}]}";

}  // namespace

TEST_CASE("a backend that admits clients and not the gateway", "[resolve][gateway]") {
  CHECK(blocked("").empty());
  const auto found = blocked(test::gateway_policy("clients", kClientOnly));
  REQUIRE(found.size() == 1);
  CHECK(found[0].detail.find("`shop/back` lets nothing in from the identity `reserved:ingress` on port 8080/TCP") != std::string::npos);
  REQUIRE(found[0].labels.size() == 1);
  CHECK(found[0].labels[0].span.known());
  CHECK(found[0].fix.find("`fromEntities: [ingress]` and port 8080/TCP") != std::string::npos);
  // The fix, and what is no fix.
  CHECK(blocked(test::gateway_policy("clients", kClientOnly) + test::gateway_policy("gateway", "{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEntities: [ingress], toPorts: [{ports: [{port: \"8080\", protocol: TCP}]}]}]}")).empty());
  CHECK(blocked(test::gateway_policy("world", "{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEntities: [world]}]}")).size() == 1);
  CHECK(blocked(test::gateway_policy("port", "{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEntities: [ingress], toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}]}")).size() == 1);
}

TEST_CASE("a NetworkPolicy cannot name the gateway, and the fix says so", "[resolve][gateway]") {
  const auto found = blocked("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: all, namespace: shop}\nspec: {podSelector: {matchLabels: {app: back}}, policyTypes: [Ingress]}\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].fix.find("NetworkPolicy has no way to name") != std::string::npos);
}

TEST_CASE("the gateway's own egress", "[resolve][gateway]") {
  const auto found = blocked(test::gateway_policy("out", "{endpointSelector: {matchExpressions: [{key: \"reserved:ingress\", operator: Exists}]}, egress: [{toEndpoints: [{matchLabels: {app: front, \"k8s:io.kubernetes.pod.namespace\": shop}}]}]}", true));
  REQUIRE(found.size() == 1);
  CHECK(found[0].detail.find("may not send to `shop/back`") != std::string::npos);
}

TEST_CASE("another controller's gateway is asked as its pod", "[resolve][gateway]") {
  CHECK(blocked(test::gateway_policy("clients", kClientOnly), "example.com/other").size() == 1);
  CHECK(blocked(test::gateway_policy("proxy", "{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{matchLabels: {app: proxy}}]}]}"), "example.com/other").empty());
}
