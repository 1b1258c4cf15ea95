// What each statement of the invariant language claims, with exceptions, severities and the check for vacuity.
#include <catch2/catch.hpp>

#include "ir/base/code.h"
#include "tests/unit/compiler/verify/verified.h"

using namespace weir::compiler;
using namespace weir::ir;
using namespace weir::test;

namespace {

/// Namespace pci takes only the audit on 443, and its pods reach nobody but each other; dev is open.
const std::string kCards = R"(
apiVersion: v1
kind: Namespace
metadata: {name: pci}
---
apiVersion: v1
kind: Namespace
metadata: {name: dev}
---
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {role: edge}}
status: {addresses: [{type: InternalIP, address: 192.0.2.10}]}
---
apiVersion: v1
kind: Pod
metadata: {name: vault-1, namespace: pci, labels: {app: vault}, annotations: {kubernetes.io/egress-bandwidth: 50M}}
spec: {containers: [{name: c, image: c, ports: [{containerPort: 80}]}]}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: dev, labels: {app: web}}
spec: {containers: [{name: c, image: c, ports: [{containerPort: 80}]}]}
status: {podIP: 10.0.0.2}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: pci}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
  - from: [{podSelector: {}}]
  - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: audit}}}]
    ports: [{port: 443}]
  egress:
  - to: [{podSelector: {}}]
---
apiVersion: v1
kind: Service
metadata: {name: vault, namespace: pci}
spec: {selector: {app: vault}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: dev}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: cilium}
spec: {controllerName: io.cilium/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: dev}
spec:
  gatewayClassName: cilium
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: shop.example.com}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: dev}
spec:
  parentRefs: [{name: edge}]
  rules:
  - matches: [{path: {type: PathPrefix, value: /web}}]
    backendRefs: [{name: web, port: 80}]
)";

const std::string kAudit = "except from namespace:audit to namespace:pci on 443 because \"audit\" until 2026-12-31";

}  // namespace

TEST_CASE("what each statement claims", "[invariants][verify]") {
  struct Case { std::string_view why; std::string line; ProofStatus status; };
  const auto holds = ProofStatus::Holds, violated = ProofStatus::Violated, unknown = ProofStatus::Unknown;
  const auto c = GENERATE_COPY(values<Case>({
      {"nobody else on 443", "only namespace:audit or namespace:pci may reach namespace:pci on 443", holds},
      {"the audit does", "only namespace:pci may reach namespace:pci on 443", violated},
      {"nor on other ports", "only namespace:pci may reach namespace:pci on 444, UDP", holds},
      {"a set stands for its parties", "only trusted may reach namespace:pci\nset trusted = namespace:audit or namespace:pci", holds},
      {"anybody reaches dev", "only namespace:dev may reach namespace:dev", violated},
      {"the audit comes in", "isolated namespace:pci", violated},
      {"but for the audit", "isolated namespace:pci\n" + kAudit, holds},
      {"the exception is too narrow", "isolated namespace:pci\nexcept from namespace:audit to labels:pci/app=vault on 443 because \"x\" until 2026-12-31", violated},
      {"pci is isolated", "every pod in namespace:pci has ingress policy", holds},
      {"both ways", "every pod in namespace:pci has egress policy", holds},
      {"dev is not", "every pod in namespace:dev has ingress policy", violated},
      {"not everybody is", "every pod in namespace:pci or namespace:dev has egress policy", violated},
      {"but for dev", "every pod in namespace:pci or namespace:dev has egress policy\nexcept namespace:dev because \"x\" until 2026-12-31", holds},
      {"nor a cluster", "every pod in cluster:default has ingress policy", violated},
      {"the vault is limited", "egress-bandwidth of namespace:pci at most 50M", holds},
      {"not enough", "egress-bandwidth of namespace:pci at most 49M", violated},
      {"no limit is more than any", "egress-bandwidth of namespace:dev at most 100G", violated},
      {"but for web", "egress-bandwidth of namespace:dev at most 1G\nexcept labels:dev/app=web because \"x\" until 2026-12-31", holds},
      {"the route goes there", "route http://shop.example.com/web/a reaches dev/web", holds},
      {"to that port", "route http://shop.example.com/web/a reaches dev/web:80", holds},
      {"not to that one", "route http://shop.example.com/web/a reaches dev/web:81", violated},
      {"nor to another Service", "route http://shop.example.com/web/a reaches pci/vault", violated},
      {"no rule takes the path", "route http://shop.example.com/other reaches dev/web", violated},
      {"no listener the host", "route http://other.example.com/web reaches dev/web", violated},
      {"the vault is hidden", "no route exposes namespace:pci", holds},
      {"web is not", "no route exposes labels:dev/app=web", violated},
      {"nor by its address", "no route exposes ip:10.0.0.2", violated},
      {"but for web", "no route exposes namespace:dev\nexcept labels:dev/app=web because \"x\" until 2026-12-31", holds},
      {"a node by its label is any of that label", "deny from node:role=edge to namespace:pci", violated},
      {"no such node", "deny from node:role=core to namespace:pci", unknown},
      {"this cluster", "deny from cluster:default to namespace:pci on 80", violated},
      {"no such cluster", "deny from cluster:east to namespace:pci", unknown},
      {"a name that nothing resolves", "deny from namespace:pci to fqdn:example.com", unknown}}));
  INFO(c.why << ": " << c.line);
  const Verified run = verified(kCards, c.line, {}, {}, "2026-06-15");
  REQUIRE_FALSE(run.diagnostics.has(Effect::Invalid));
  REQUIRE(run.report.proofs.size() == 1);
  INFO(run.report.proofs[0].why);
  CHECK(to_text(run.report.proofs[0].status) == to_text(c.status));
  CHECK((run.find("WEIR0210") != nullptr) == (c.status == violated));
  CHECK(run.find("WEIR0211") == nullptr);
  CHECK(run.find("WEIR0213") == nullptr);
}

TEST_CASE("exceptions count until their day and no longer", "[invariants][verify]") {
  const std::string text = "isolated namespace:pci\n" + kAudit;
  CHECK(verified(kCards, text, {}, {}, "2026-12-31").findings("WEIR021").empty());
  CHECK(verified(kCards, text, {}, {}, "2027-01-01").findings("WEIR021") == std::vector<std::string>{"WEIR0210:1", "WEIR0212:2"});
}

TEST_CASE("an exception that is not needed is told", "[invariants][verify]") {
  const auto c = GENERATE(values<std::string>({
      "isolated labels:pci/app=vault or namespace:pci or namespace:audit\nexcept from namespace:dev to namespace:pci because \"x\" until 2026-12-31\n"
      "except from namespace:audit to entity:all because \"y\" until 2026-12-31\nexcept from entity:all to namespace:audit because \"z\" until 2026-12-31",
      "every pod in namespace:pci has ingress policy\nexcept labels:pci/app=x because \"x\" until 2026-12-31",
      "egress-bandwidth of namespace:pci at most 1G\nexcept labels:pci/app=vault because \"x\" until 2026-12-31",
      "no route exposes namespace:pci\nexcept labels:pci/app=vault because \"x\" until 2026-12-31"}));
  INFO(c);
  const Verified run = verified(kCards, c, {}, {}, "2026-06-15");
  CHECK(run.findings("WEIR0213") == std::vector<std::string>{"WEIR0213:2"});
}

TEST_CASE("a violation has the severity of its statement and tells its reason", "[invariants][verify]") {
  const Verified run = verified(kCards, "isolated namespace:pci severity note because \"PCI DSS 1.4\"");
  const Diagnostic* found = run.find("WEIR0210");
  REQUIRE(found);
  CHECK(severity_of(*found) == Severity::Note);
  REQUIRE_FALSE(found->notes.empty());
  CHECK(found->notes[0] == "it is written because PCI DSS 1.4");
}

TEST_CASE("a statement that nothing can touch is told", "[invariants][verify]") {
  struct Case { std::string line; bool vacuous; };
  const auto c = GENERATE(values<Case>({{"deny from namespace:dve to namespace:pci", true},
                                        {"deny from labels:dve/app=web to namespace:pci", true},
                                        {"deny from namespace:dev to namespace:pci", false},
                                        {"deny from labels:pci/app=none to namespace:dev", false},
                                        {"deny from ip:203.0.113.1 to namespace:pci", false},
                                        {"egress-bandwidth of namespace:dve at most 1M", true},
                                        {"no route exposes labels:dve/app=web", true}}));
  INFO(c.line);
  CHECK((verified(kCards, c.line).find("WEIR0211") != nullptr) == c.vacuous);
}

TEST_CASE("without pods and namespaces one known party is enough", "[invariants][verify]") {
  const std::string alone = R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: pci}
spec: {podSelector: {}, policyTypes: [Ingress]}
)";
  CHECK(verified(alone, "deny from namespace:dev to namespace:pci").find("WEIR0211") == nullptr);
  CHECK(verified(alone, "egress-bandwidth of namespace:dev at most 1M").find("WEIR0211") != nullptr);
}

TEST_CASE("statements about routes need routes, and Services their pods", "[invariants][verify]") {
  std::string text = kCards;
  const std::string selector = "spec: {selector: {app: web}, ports: [{port: 80}]}";
  text.replace(text.find(selector), selector.size(), "spec: {ports: [{port: 80}]}");
  const Verified run = verified(text, "no route exposes namespace:pci");
  REQUIRE(run.report.proofs.size() == 1);
  CHECK(run.report.proofs[0].status == ProofStatus::Unknown);
  CHECK(run.report.proofs[0].why.find("dev/web:80") != std::string::npos);
}
