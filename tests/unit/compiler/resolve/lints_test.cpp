#include <catch2/catch.hpp>

#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

constexpr std::string_view kInventory =
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n"
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: infra}\n---\n"
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop, labels: {app: frontend, tier: web}}\nspec: {}\n---\n"
    "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\nspec: {clusterIP: 10.96.0.10}\n---\n";

std::string lints(std::string_view inventory, std::string_view spec) {
  return diagnostics_text(run(std::string(inventory) +
                              "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n"
                              "metadata: {name: p, namespace: shop}\nspec: " + std::string(spec) + "\n"));
}

TEST_CASE("lints of policies", "[resolve]") {
  struct Case { std::string_view why, inventory, spec, text; };
  const auto c = GENERATE(values<Case>({
      {"a policy that selects a pod", kInventory, "{endpointSelector: {matchLabels: {app: frontend}}, ingress: [{}]}", ""},
      {"a misspelt value", kInventory, "{endpointSelector: {matchLabels: {app: frontent}}, ingress: [{}]}",
       "CiliumNetworkPolicy `p` selects no pod of namespace `shop` [write `app: frontend`]"},
      {"a misspelt key", kInventory, "{endpointSelector: {matchLabels: {teir: web}}, ingress: [{}]}",
       "CiliumNetworkPolicy `p` selects no pod of namespace `shop` [write `tier` for `teir`]"},
      {"no inventory, nothing is said", "", "{endpointSelector: {matchLabels: {app: frontent}}, ingress: [{}]}", ""},
      {"an excluded label never holds", kInventory,
       "{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {pod-template-hash: x}}]}]}",
       "label `pod-template-hash` is no part of an identity, so this requirement never holds [select by a label of your own]"},
      {"or always holds", kInventory,
       "{endpointSelector: {}, ingress: [{fromEndpoints: [{matchExpressions: [{key: k8s.io/x, operator: DoesNotExist}]}]}]}",
       "label `k8s.io/x` is no part of an identity, so this requirement always holds [select by a label of your own]"},
      {"derived labels are part of it", kInventory,
       "{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: infra}}]}]}", ""},
      {"a namespace that is not there", kInventory,
       "{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: infar}}]}]}",
       "nothing in the input is in a namespace `infar` [write `infra`]"},
      {"no namespaces given, nothing is said", "",
       "{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: infar}}]}]}", ""},
      {"the address of a Service", kInventory, "{endpointSelector: {}, egress: [{toCIDR: [10.96.0.10/32]}]}",
       "`10.96.0.10/32` is the address of Service `shop/s`, and policy sees the pod behind it [select the pods of the Service, and their port]"},
      {"a block around it", kInventory, "{endpointSelector: {}, egress: [{toCIDR: [10.96.0.0/16]}]}", ""},
  }));
  INFO(c.why);
  std::string text = lints(c.inventory, c.spec);
  if (const auto space = text.find(' '); !text.empty()) text = text.substr(text.find(' ', space + 1) + 1);
  if (!text.empty()) text.pop_back();
  CHECK(text == c.text);
}

}  // namespace
}  // namespace weir::test
