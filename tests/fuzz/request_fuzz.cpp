// URLs and requests against a fixed route table: a request that is read reaches at most one rule, and its shares add up.
#include "ir/eval/route.h"
#include "simulator/ask/route.h"
#include "tests/fuzz/support/support.h"

using namespace weir;

namespace {

constexpr const char* kGateways = R"(apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: cilium}
spec: {controllerName: io.cilium/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: shop}
spec:
  gatewayClassName: cilium
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - {name: other, port: 8080, protocol: HTTP, hostname: "*.example.com"}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs: [{name: g}]
  hostnames: [a.example.com, "*.example.com"]
  rules:
  - matches:
    - path: {type: PathPrefix, value: /a}
      queryParams: [{name: x, value: "1"}]
    - path: {type: Exact, value: /a/b}
      method: POST
    backendRefs: [{name: web, port: 80, weight: 3}, {name: db, port: 5432, weight: 1}]
  - backendRefs: [{name: web, port: 80}]
)";

const compiler::Resolved& table(std::uint8_t dialect) {
  static const auto make = [](std::uint8_t choice) {
    return fuzz::resolve(fuzz::read_in_cluster(kGateways), fuzz::settings_of(choice));
  };
  static const compiler::Resolved tables[] = {make(0), make(3)};
  WEIR_CHECK(!tables[0].routes.routes.empty());
  return tables[dialect % 2];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const compiler::Resolved& resolved = table(bytes.choice());
  auto request = ir::request_of(bytes.text());
  if (!request) {
    request = ir::Request{.host = "a.example.com"};
    ir::set_path(*request, bytes.text());
  }
  const ir::RouteDecision decision = ir::route(resolved.routes, *request);
  double shares = 0;
  for (const ir::BackendShare& backend : decision.backends) shares += backend.share;
  WEIR_CHECK(decision.backends.empty() || (shares > 0.999 && shares < 1.001));
  WEIR_CHECK(decision == ir::route(resolved.routes, *request));
  return 0;
}
