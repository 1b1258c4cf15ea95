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
      {"namespaces that every cluster has", kInventory,
       "{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: kube-system}}]}]}", ""},
  }));
  INFO(c.why);
  std::string text = lints(c.inventory, c.spec);
  if (const auto space = text.find(' '); !text.empty()) text = text.substr(text.find(' ', space + 1) + 1);
  if (!text.empty()) text.pop_back();
  CHECK(text == c.text);
}

/// The findings of these codes, "code line:column detail [fix]" without the place.
std::string found(std::string_view yaml, const ir::Settings& settings = {}) {
  const Run out = run(yaml, settings);
  std::string text;
  for (const ir::Diagnostic& d : out.diagnostics.list())
    text += std::string(ir::info(d.kind).id.substr(4)) + " " + d.detail + (d.fix.empty() ? "" : " [" + d.fix + "]") + "\n";
  return text;
}

std::string network_policy(std::string_view spec) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: " + std::string(spec) + "\n";
}

std::string cilium_policy(std::string_view spec) {
  return "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: " + std::string(spec) + "\n";
}

std::string pod(std::string_view name, std::string_view space, std::string_view labels, std::string_view spec = "{}",
                std::string_view address = "") {
  std::string out = "apiVersion: v1\nkind: Pod\nmetadata: {name: " + std::string(name) + ", namespace: " + std::string(space) +
                    ", labels: " + std::string(labels) + "}\nspec: " + std::string(spec) + "\n";
  if (!address.empty()) out += "status: {podIPs: [{ip: " + std::string(address) + "}]}\n";
  return out + "---\n";
}

TEST_CASE("selectors that select no pod", "[resolve]") {
  const std::string pods = pod("a", "shop", "{app: web, tier: front}") + pod("b", "infra", "{app: monitor}") +
                           pod("h", "infra", "{app: exporter}", "{hostNetwork: true}");
  struct Case { std::string_view why, spec, text; };
  const auto c = GENERATE(values<Case>({
      {"a peer that is there", "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}", ""},
      {"a misspelt peer", "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: wbe}}}]}]}",
       "0308 no pod of the input in namespace `shop` has these labels [write `app: web`]\n"},
      {"a misspelt key", "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {teir: front}}}]}]}",
       "0308 no pod of the input in namespace `shop` has these labels [write `tier` for `teir`]\n"},
      {"labels that no single pod has", "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web, tier: back}}}]}]}",
       "0308 no pod of the input in namespace `shop` has these labels\n"},
      {"a namespace whose pods were not given",
       "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}]}", ""},
      {"a namespace label that nobody has, and nobody has one like it",
       "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {purpose: monitoring}}}]}]}", ""},
      {"a peer on the host network",
       "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: infra}}, podSelector: {matchLabels: {app: exporter}}}]}]}",
       "0313 only pods on the host network have these labels, such as `infra/h`, and they are seen as the node they run on "
       "[allow the entities `host` and `remote-node` in a CiliumNetworkPolicy]\n"},
      {"a subject of another namespace", "{podSelector: {matchLabels: {app: monitor}}, policyTypes: [Ingress]}",
       "0302 NetworkPolicy `p` selects no pod of namespace `shop` [pods with these labels are in namespace `infra`]\n"},
  }));
  INFO(c.why);
  CHECK(found(pods + network_policy(c.spec)) == c.text);
}

TEST_CASE("a subject in a namespace without pods is judged only when its labels are elsewhere", "[resolve]") {
  const std::string pods = pod("b", "infra", "{app: monitor}");
  CHECK(found(pods + network_policy("{podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress]}")).empty());
  CHECK(found(pods + network_policy("{podSelector: {matchLabels: {app: monitor}}, policyTypes: [Ingress]}")) ==
        "0302 NetworkPolicy `p` selects no pod of namespace `shop` [pods with these labels are in namespace `infra`]\n");
}

TEST_CASE("a cluster-wide policy is judged by all pods, and only when a label is near", "[resolve]") {
  const auto policy = [](std::string_view labels) {
    return "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: p}\n"
           "spec: {endpointSelector: {matchLabels: " + std::string(labels) + "}, ingress: [{}]}\n";
  };
  const std::string pods = pod("b", "infra", "{app: monitor}");
  CHECK(found(pods + policy("{app: monitor}")).empty());
  CHECK(found(pods + policy("{app: kube-dns}")).empty());
  CHECK(found(pods + policy("{app: monitro}")) ==
        "0302 CiliumClusterwideNetworkPolicy `p` selects no pod of the input [write `app: monitor`]\n");
}

TEST_CASE("CIDRs that name what no CIDR matches", "[resolve]") {
  const std::string cluster =
      pod("a", "shop", "{app: web}", "{}", "10.1.2.3") +
      "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: InternalIP, address: 192.0.2.11}]}\n---\n"
      "apiVersion: v1\nkind: Service\nmetadata: {name: kubernetes, namespace: default}\nspec: {clusterIP: 10.96.0.1, ports: [{port: 443}]}\n---\n";
  struct Case { std::string_view why, block, text; };
  const auto c = GENERATE(values<Case>({
      {"somebody outside", "{cidr: 198.51.100.0/24}", ""},
      {"everything", "{cidr: 0.0.0.0/0}", ""},
      {"a whole private range", "{cidr: 10.0.0.0/8}", ""},
      {"a pod", "{cidr: 10.1.2.3/32}", "0314 `10.1.2.3/32` is the address of pod `shop/a`, and no CIDR matches a pod"},
      {"a range of pods", "{cidr: 10.1.0.0/16}", "0314 `10.1.0.0/16` holds the address of pod `shop/a`, and no CIDR matches a pod"},
      {"its pods excepted", "{cidr: 10.1.0.0/16, except: [10.1.2.0/24]}", ""},
      {"something else excepted", "{cidr: 10.1.0.0/16, except: [10.1.1.0/24]}", "0314 `10.1.0.0/16` holds the address of pod `shop/a`, and no CIDR matches a pod"},
      {"a node", "{cidr: 192.0.2.11/32}", "0310 `192.0.2.11/32` is the address of node `n1`, and no CIDR matches a node"},
      {"the API server behind its Service", "{cidr: 10.96.0.1/32}", "0303 `10.96.0.1/32` is the address of Service `default/kubernetes`, and policy sees the API server behind it"},
  }));
  INFO(c.why);
  const std::string yaml = cluster + network_policy("{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: " + std::string(c.block) + "}]}]}");
  const std::string text = found(yaml);
  CHECK(text.substr(0, c.text.size()) == c.text);
  CHECK(text.empty() == c.text.empty());
  // With the match modes on, and in dialect k8s, such a CIDR matches.
  ir::Settings wide;
  wide.cidr_match_nodes = wide.cidr_match_pods = true;
  CHECK(found(yaml, wide).empty() == !c.text.starts_with("0303"));
  CHECK(found(yaml, ir::settings_for(ir::Dialect::K8s)).empty() == !c.text.starts_with("0303"));
}

TEST_CASE("the port of a Service where the target port is meant", "[resolve]") {
  const std::string_view service =
      "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
      "spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n---\n";
  const std::string pods = std::string(service) + pod("a", "shop", "{app: web}", "{containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}") +
                           pod("c", "shop", "{app: client}");
  const std::string_view finding = "0311 port `80` is that of Service `shop/web`, whose pods listen on `8080` [write `8080`]\n";
  const auto ingress = [&](std::string_view ports) { return found(pods + network_policy("{podSelector: {matchLabels: {app: web}}, ingress: [{ports: " + std::string(ports) + "}]}")); };
  CHECK(ingress("[{port: 80}]") == finding);
  CHECK(ingress("[{port: 8080}]").empty());
  CHECK(ingress("[{port: http}]").empty());
  CHECK(ingress("[{port: 80}, {port: 8080}]").empty());  // knows both
  CHECK(ingress("[{port: 80, protocol: UDP}]").empty());
  CHECK(ingress("[{port: 81}]").empty());
  // Of peers as well; not when some of the selected pods are not behind the Service, nor when a pod listens on the port.
  const auto egress = [&](std::string_view more, std::string_view peer) {
    return found(pods + std::string(more) + cilium_policy("{endpointSelector: {matchLabels: {app: client}}, egress: [{toEndpoints: [" + std::string(peer) +
                 "], toPorts: [{ports: [{port: '80', protocol: TCP}]}]}, {toPorts: [{ports: [{port: '53'}]}]}]}"));
  };
  CHECK(egress("", "{matchLabels: {app: web}}") == finding);
  CHECK(egress("", "{}").empty());
  CHECK(egress(pod("d", "shop", "{app: web}", "{containers: [{name: c, ports: [{containerPort: 80}]}]}"), "{matchLabels: {app: web}}").empty());
}

TEST_CASE("what is staged is listed", "[resolve]") {
  const auto policy = [](std::string_view stage) {
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop, labels: {weir.dev/enforcement: " +
           std::string(stage) + "}}\nspec: {podSelector: {}}\n";
  };
  CHECK(found(policy("audit")) == "0317 NetworkPolicy `p` is evaluated and reported, and not enforced "
                                  "[change the label to `weir.dev/enforcement: enforce` when nothing is reported any more]\n");
  CHECK(found(policy("enforce")).empty());
  CHECK(found(policy("adit")).starts_with("0104 label `weir.dev/enforcement: adit` says neither `audit` nor `enforce`"));
  CHECK(found("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {weir.dev/enforcement: audit}}\n")
            .starts_with("0317 policies for pods of namespace `shop` are evaluated and reported, and not enforced"));
}

}  // namespace
}  // namespace weir::test
