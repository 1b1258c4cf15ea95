// EndpointSlices, Secrets, cilium-config, several clusters, port names: what the inventory knows beside pods.
#include <catch2/catch.hpp>

#include "compiler/api/config_map.h"
#include "compiler/api/emit.h"
#include "compiler/resolve/used_ports.h"
#include "compiler/source/read_file.h"
#include "ir/cluster/service_target.h"
#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

struct Part {
  std::string cluster, yaml;
};

/// Texts of several clusters, with the settings that their cilium-config and `given` make.
Run run_mesh(const std::vector<Part>& parts, const ir::SettingPairs& given = {}) {
  Run out;
  compiler::Sources sources;
  for (const Part& part : parts)
    compiler::read_file(part.cluster + ".yaml", part.yaml, part.cluster, {}, out.files, sources, out.diagnostics);
  const auto settings = compiler::settings_of(sources, given);
  REQUIRE(settings);
  sources = compiler::with_local_cluster(std::move(sources), settings->cluster_name);
  out.objects = compiler::read(sources, out.files, out.diagnostics);
  out.resolved = compiler::resolve(out.objects, *settings, out.files, out.diagnostics);
  out.diagnostics.sort();
  return out;
}

std::string pod(std::string_view name, std::string_view labels, std::string_view address, std::string_view ports = "") {
  return "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " + std::string(name) + ", namespace: shop, labels: {" + std::string(labels) +
         "}}\nspec: {nodeName: n1, containers: [{name: c, ports: [" + std::string(ports) + "]}]}\nstatus: {podIP: " +
         std::string(address) + "}\n";
}

std::string service(std::string_view name, std::string_view more, std::string_view annotations = "") {
  return "---\napiVersion: v1\nkind: Service\nmetadata: {name: " + std::string(name) + ", namespace: shop, annotations: {" +
         std::string(annotations) + "}}\nspec: {" + std::string(more) + "}\n";
}

std::string slice(std::string_view body) {
  return "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s, namespace: shop, labels: "
         "{kubernetes.io/service-name: web}}\n" + std::string(body);
}

std::string addresses(const auto& list) {
  std::string text;
  for (const ir::IpAddress& address : list) text += (text.empty() ? "" : " ") + ir::to_text(address);
  return text;
}

TEST_CASE("addresses behind a Service", "[resolve]") {
  struct Case { std::string_view why, text, endpoints, wrong; };
  const auto c = GENERATE(values<Case>({
      {"ready unless it says otherwise", "addressType: IPv4\nendpoints: [{addresses: [10.0.0.2, 10.0.0.1]}, {addresses: [10.0.0.1]}]\n",
       "10.0.0.1 10.0.0.2", ""},
      {"not ready", "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], conditions: {ready: false}}]\n", "", ""},
      {"going away but serving", "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], conditions: {ready: false, serving: true, terminating: true}}]\n",
       "10.0.0.1", ""},
      {"null is not known, so ready", "addressType: IPv6\nendpoints: [{addresses: [\"fd00::1\"], conditions: {ready: null}}]\n", "fd00::1", ""},
      {"names are no addresses", "addressType: FQDN\nendpoints: [{addresses: [a.example.com]}]\n", "", ""},
      {"endpoints may be null", "addressType: IPv4\nendpoints: null\n", "", ""},
      {"no address", "addressType: IPv4\nendpoints: [{addresses: [x]}]\n", "", "WEIR0104 10:26 `x` is no IP address\n"},
      {"no type", "endpoints: []\n", "", "WEIR0105 6:1 EndpointSlice needs `addressType`\n"},
      {"a field of no API", "addressType: IPv4\nendpoints: [{address: [10.0.0.1]}]\n", "",
       "WEIR0105 10:13 Endpoint needs `addresses`\nWEIR0101 10:14 Endpoint has no field `address` [write `addresses`]\n"},
  }));
  INFO(c.why);
  const Run result = run(service("web", "selector: {app: web}, ports: [{port: 80}]").substr(4) + slice(c.text));
  const std::string wrong = diagnostics_text(result);
  CHECK(wrong == c.wrong);
  CHECK(addresses(result.resolved.cluster.services.at(0).endpoints) == c.endpoints);
}

TEST_CASE("Endpoints count as EndpointSlices do", "[resolve]") {
  const Run result = run(
      "apiVersion: v1\nkind: Endpoints\nmetadata: {name: kubernetes}\nsubsets:\n"
      "- {addresses: [{ip: 192.0.2.2}, {ip: 192.0.2.1}], notReadyAddresses: [{ip: 192.0.2.3}], ports: [{name: https, port: 6443}]}\n---\n"
      "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: k, labels: {kubernetes.io/service-name: kubernetes}}\n"
      "addressType: IPv4\nendpoints: [{addresses: [192.0.2.4]}]\nports: [{name: https, port: 6443}]\n---\n"
      "apiVersion: v1\nkind: Service\nmetadata: {name: kubernetes}\nspec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443}]}\n---\n"
      "apiVersion: v1\nkind: Endpoints\nmetadata: {name: kubernetes, namespace: other}\nsubsets: [{addresses: [{ip: 192.0.2.9}]}]\n");
  CHECK(diagnostics_text(result) == "");
  const ir::Cluster& cluster = result.resolved.cluster;
  CHECK(addresses(cluster.api_servers) == "192.0.2.1 192.0.2.2 192.0.2.4");
  REQUIRE(cluster.services.size() == 1);
  CHECK(addresses(cluster.services[0].endpoints) == "192.0.2.1 192.0.2.2 192.0.2.4");
  // The Service has no selector, so its port is what the slices say.
  CHECK(cluster.services[0].ports[0].target == "6443");
  CHECK(compiler::to_text(result.objects).find("Endpoints default/kubernetes of kubernetes 192.0.2.2 192.0.2.1 port TCP/6443=https\n") !=
        std::string::npos);
}

constexpr std::string_view kNeedsSecret =
    "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n  endpointSelector: {}\n"
    "  ingress:\n  - toPorts:\n    - ports: [{port: \"80\", protocol: TCP}]\n"
    "      rules: {http: [{headerMatches: [{name: X-Token, secret: {namespace: shop, name: token}}]}]}\n---\n"
    "apiVersion: v1\nkind: Secret\nmetadata: {namespace: shop, name: ";

TEST_CASE("a Secret that a rule names", "[resolve]") {
  struct Case { std::string_view why, rest, value, wrong; };
  const auto c = GENERATE(values<Case>({
      {"base64", "token}\ndata: {k: aHVudGVyMg==}\n", "hunter2", ""},
      {"over several lines", "token}\ndata:\n  k: |\n    aHVudGVy\n    Mg==\n", "hunter2", ""},
      {"without padding to add", "token}\ndata: {k: aHVudGVy}\n", "hunter", ""},
      {"one digit of padding", "token}\ndata: {k: aHVudGVyMzM=}\n", "hunter33", ""},
      {"as it is", "token}\nstringData: {k: hunter2}\n", "hunter2", ""},
      {"stringData wins", "token}\ndata: {k: AAAA}\nstringData: {k: hunter2}\n", "hunter2", ""},
      {"null is empty", "token}\ndata: {k: null}\n", "", ""},
      {"two items are none", "token}\nstringData: {k: hunter2, l: hunter2}\n", "-", ""},
      {"no item", "token}\n", "-", ""},
      {"no base64", "token}\ndata: {k: hunter2}\n", "-", "WEIR0104 13:11 an item in `data` of the Secret is not base64\n"},
      {"cut off", "token}\ndata: {k: aHVudGVyMg}\n", "-", "WEIR0104 13:11 an item in `data` of the Secret is not base64\n"},
      {"a number", "token}\nstringData: {k: 4711}\n", "-", "WEIR0103 13:11 an item of the Secret is no string\n"},
      {"a list", "token}\ndata: [hunter2]\n", "-", "WEIR0103 13:11 `data` of the Secret is no mapping\n"},
      {"a field of no API", "token}\nhunter2: {k: hunter2}\n", "-", "WEIR0101 13:11 the Secret has a field that the API does not have\n"},
      {"an annotation that holds it all", "token, annotations: {last: hunter2}}\nstringData: {k: hunter2}\n", "hunter2", ""},
  }));
  INFO(c.why);
  const Run result = run(std::string(kNeedsSecret) + std::string(c.rest));
  CHECK(diagnostics_text(result) == c.wrong);
  const auto& secrets = result.resolved.cluster.secrets;
  const auto found = secrets.find({"shop", "token"});
  CHECK((found == secrets.end() ? "-" : found->second) == c.value);
  CHECK(result.objects.skipped.empty());
  // architecture.md rule 9: nowhere.
  for (const std::string& text : {compiler::to_text(result.objects), ir::to_text(result.resolved.cluster), ir::to_text(result.resolved.policies),
                                  diagnostics_text(result)}) {
    CHECK(text.find("hunter") == std::string::npos);
    CHECK(text.find("aHVu") == std::string::npos);
    CHECK(text.find("4711") == std::string::npos);
  }
}

TEST_CASE("other Secrets are skipped and counted, unread", "[resolve]") {
  const Run result = run(std::string(kNeedsSecret) + "other}\ndata: {k: no base64}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: token}\n");
  CHECK(result.objects.inventory.secrets.empty());
  CHECK(result.resolved.cluster.secrets.empty());
  CHECK(result.objects.skipped == std::vector<std::string>{"v1/Secret", "v1/Secret"});
  const Run remote = run_mesh({{"", std::string(kNeedsSecret).substr(0, kNeedsSecret.find("---"))},
                               {"west", "apiVersion: v1\nkind: Secret\nmetadata: {namespace: shop, name: token}\nstringData: {k: v}\n"}});
  CHECK(remote.resolved.cluster.secrets.empty());
  CHECK(remote.objects.skipped == std::vector<std::string>{"v1/Secret"});
}

TEST_CASE("a Secret may be there twice only when it is the same", "[resolve]") {
  const std::string first = std::string(kNeedsSecret) + "token}\nstringData: {k: hunter2}\n---\n";
  const std::string second = "apiVersion: v1\nkind: Secret\nmetadata: {namespace: shop, name: token}\nstringData: {k: hunter";
  CHECK(diagnostics_text(run(first + second + "2}\n")) == "");
  CHECK(diagnostics_text(run(first + second + "3}\n")) ==
        "WEIR0107 18:35 Secret `shop/token` is there twice [remove or rename one; the second would replace the first]\n");
}

std::string config(std::string_view data) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cilium-config, namespace: kube-system}\ndata: {" + std::string(data) + "}\n";
}

std::string changed(const ir::Settings& settings, const ir::Settings& base = ir::settings_for(ir::Dialect::Cilium120)) {
  std::string text;
  const auto before = to_pairs(base), after = to_pairs(settings);
  for (std::size_t i = 0; i < after.size(); ++i)
    if (after[i] != before[i]) text += (text.empty() ? "" : " ") + after[i].first + "=" + after[i].second;
  return text;
}

TEST_CASE("cilium-config as settings", "[resolve]") {
  struct Case { std::string_view why, data, settings, wrong; };
  const auto c = GENERATE(values<Case>({
      {"enforcement", "enable-policy: Always", "enforcement=always", ""},
      {"the localhost", "allow-localhost: policy", "allow_localhost=policy", ""},
      {"which `auto` lets in", "allow-localhost: auto", "", ""},
      {"CIDRs", "policy-cidr-match-mode: nodes", "cidr_match_mode=nodes", ""},
      {"a list with spaces", "policy-cidr-match-mode: \"nodes pods\"", "cidr_match_mode=nodes,pods", ""},
      {"an empty one", "policy-cidr-match-mode: \"\"", "", ""},
      {"the name and the number", "cluster-name: east, cluster-id: \"7\"", "cluster_id=7 cluster_name=east", ""},
      {"switches", "enable-node-selector-labels: \"true\", enable-host-firewall: \"1\", enable-non-default-deny-policies: \"false\", "
       "enable-icmp-rules: \"f\", enable-l7-proxy: \"FALSE\"",
       "host_firewall=true icmp_rules=false l7_proxy=false node_selector_labels=true non_default_deny_policies=false", ""},
      {"more of them", "enable-extended-ip-protocols: \"true\", enable-sctp: \"true\", policy-audit-mode: \"true\", "
       "policy-default-local-cluster: \"false\", enable-k8s-cluster-network-policy: \"true\", allow-icmp-frag-needed: \"false\"",
       "allow_icmp_frag_needed=false audit_mode=true default_local_cluster=false extended_ip_protocols=true "
       "k8s_cluster_network_policy=true sctp=true", ""},
      {"both families", "enable-ipv4: \"true\", enable-ipv6: \"true\"", "dual_stack=true", ""},
      {"IPv6 alone", "enable-ipv4: \"false\", enable-ipv6: \"true\"", "", ""},
      {"IPv4 alone", "enable-ipv4: \"true\", enable-ipv6: \"false\"", "", ""},
      {"what no verdict depends on", "tunnel-protocol: vxlan", "", ""},
      {"a value the agent refuses", "enable-policy: sometimes, enable-sctp: \"true\"", "sctp=true",
       "WEIR0104 4:23 `enable-policy` of cilium-config: `enforcement` wants default, always or never, not `sometimes`\n"},
      {"no boolean", "enable-ipv6: \"on\"", "", "WEIR0104 4:21 `enable-ipv6` of cilium-config: it wants true or false, not `on`\n"},
      {"no string", "enable-sctp: true", "", "WEIR0103 4:21 `enable-sctp` in `data` must be a string, not a boolean [quote it: \"true\"]\n"},
  }));
  INFO(c.why);
  const Run result = run_mesh({{"", config(c.data)}});
  CHECK(diagnostics_text(result) == c.wrong);
  CHECK(changed(result.resolved.cluster.settings) == c.settings);
  CHECK(result.objects.skipped.empty());
}

TEST_CASE("what is stronger than cilium-config, and what it is not", "[resolve]") {
  const auto settings = [](const std::vector<Part>& parts, const ir::SettingPairs& given) {
    return run_mesh(parts, given).resolved.cluster.settings;
  };
  const std::string always = config("enable-policy: always, cluster-name: east");
  CHECK(changed(settings({{"", always}}, {{"enforcement", "never"}})) == "cluster_name=east enforcement=never");
  // Upstream semantics have no agent to configure.
  CHECK(changed(settings({{"", always}}, {{"dialect", "k8s"}}), ir::settings_for(ir::Dialect::K8s)) == "cluster_name=east");
  CHECK(changed(settings({{"west", always}}, {})) == "");
  // The path of this cluster may be named.
  CHECK(changed(settings({{"east", always}}, {{"cluster_name", "east"}})) == "cluster_name=east enforcement=always");
  std::string other = always;
  other.replace(other.find("kube-system"), 11, "cilium");
  const Run elsewhere = run_mesh({{"", other}});
  CHECK(changed(elsewhere.resolved.cluster.settings) == "");
  CHECK(elsewhere.objects.skipped == std::vector<std::string>{"v1/ConfigMap"});
}

std::string node(std::string_view name, std::string_view address) {
  return "---\napiVersion: v1\nkind: Node\nmetadata: {name: " + std::string(name) + "}\nstatus: {addresses: [{type: InternalIP, address: " +
         std::string(address) + "}]}\n";
}

TEST_CASE("clusters by name", "[resolve]") {
  const std::string space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {side: ";
  const Run result = run_mesh({{"", space + "here}}\n" + node("n1", "192.0.2.1") + pod("web", "app: web", "10.0.0.1")},
                               {"west", space + "there}}\n" + node("n1", "192.0.2.2") + pod("web", "app: web", "10.1.0.1")},
                               {"north", pod("db", "app: db", "10.2.0.1")}});
  CHECK(diagnostics_text(result) == "");
  const ir::Cluster& cluster = result.resolved.cluster;
  CHECK(cluster.remotes == std::vector<std::string>{"north", "west"});
  REQUIRE(cluster.pods.size() == 3);
  CHECK(cluster.pods[0].cluster == "");
  CHECK(cluster.pods[1].cluster == "north");
  CHECK(cluster.pods[2].cluster == "west");
  CHECK(cluster.pods[0].node == "n1");
  CHECK(cluster.pods[1].node == "north/n1");
  CHECK(cluster.pods[2].labels.find("k8s", ir::kClusterKey)->value == "west");
  CHECK(cluster.pods[2].labels.find("k8s", "io.cilium.k8s.namespace.labels.side")->value == "there");
  CHECK(cluster.pods[0].labels.find("k8s", ir::kClusterKey)->value == "default");
  CHECK(cluster.pods[0].labels.find("k8s", "io.cilium.k8s.namespace.labels.side")->value == "here");
  REQUIRE(cluster.nodes.size() == 2);
  CHECK(cluster.nodes[0].name == "n1");
  CHECK(cluster.nodes[1].name == "west/n1");
  REQUIRE(cluster.namespaces.size() == 3);
  CHECK(cluster.find_namespace("shop", "north") != nullptr);
  CHECK(cluster.find_pod("shop", "web", "west") == ir::PodId{2});
}

TEST_CASE("objects are doubles only inside one cluster", "[resolve]") {
  const std::string web = pod("web", "app: web", "10.0.0.1").substr(4), other = pod("web", "app: x", "10.0.0.1").substr(4);
  CHECK(diagnostics_text(run_mesh({{"", web}, {"west", other}})) == "");
  CHECK(diagnostics_text(run_mesh({{"west", web}, {"west", other}})).starts_with("WEIR0107"));
  // `default` is this cluster's own name.
  CHECK(diagnostics_text(run_mesh({{"", web}, {"default", other}})).starts_with("WEIR0107"));
  const Run own = run_mesh({{"default", web}});
  CHECK(own.resolved.cluster.remotes.empty());
  CHECK(own.resolved.cluster.pods[0].cluster == "");
}

TEST_CASE("workloads of several clusters", "[resolve]") {
  const std::string web =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n"
      "  template: {metadata: {labels: {app: web}}, spec: {containers: []}}\n";
  const Run result = run_mesh({{"", web + pod("web", "app: web", "10.0.0.1")}, {"west", web}});
  REQUIRE(result.resolved.cluster.pods.size() == 2);
  CHECK(result.resolved.cluster.pods[0].name == "web");
  CHECK(result.resolved.cluster.pods[1].name == "web-0");
  CHECK(result.resolved.cluster.pods[1].cluster == "west");
}

TEST_CASE("a gateway of another cluster is refused, a policy is not", "[resolve]") {
  const Run gateway = run_mesh({{"west", "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g}\nspec: {}\n"}});
  CHECK(diagnostics_text(gateway).starts_with("WEIR0106 2:7 a Gateway of another cluster, `west`, is not read"));
  const Run policy = run_mesh({{"west", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {podSelector: {}}\n"}});
  REQUIRE(policy.resolved.policies.policies.size() == 1);
  CHECK(policy.resolved.policies.policies[0].cluster == "west");
}

TEST_CASE("port names that policies use are part of the identity", "[resolve]") {
  const std::string policies =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n"
      "spec: {podSelector: {}, ingress: [{ports: [{port: http}]}], egress: [{ports: [{port: dns, protocol: UDP}]}]}\n---\n"
      "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop}\nspec:\n  endpointSelector: {}\n"
      "  ingressDeny: [{toPorts: [{ports: [{port: Metrics, protocol: TCP}]}]}]\n---\n"
      "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: a}\nspec:\n  priority: 1\n"
      "  subject: {namespaces: {}}\n  ingress: [{action: Allow, from: [{namespaces: {}}], ports: [{namedPort: probe}]}]\n";
  const Run result = run(policies + pod("web", "app: web", "10.0.0.1",
                                        "{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}, {name: other, containerPort: 1}, "
                                        "{name: dns, containerPort: 53, protocol: UDP}, {containerPort: 2}"));
  CHECK(compiler::used_port_names(result.objects.policies) == std::set<std::string>{"dns", "http", "metrics", "probe"});
  std::string gen;
  for (const ir::Label& label : result.resolved.cluster.pods.at(0).labels.labels)
    if (label.source == "gen") gen += ir::to_text(label) + "\n";
  CHECK(gen == "gen:port.TCP.http.8080\ngen:port.TCP.metrics.9090\ngen:port.UDP.dns.53\n");
  CHECK(run(pod("web", "app: web", "10.0.0.1", "{name: http, containerPort: 8080}").substr(4)).resolved.cluster.pods.at(0).labels.has("gen", "port.TCP.http.8080") == false);
}

/// "cluster/pod:port" or "address:port" of everything behind port 80 of shop/web.
std::string behind_web(const Run& run) {
  const ir::Cluster& cluster = run.resolved.cluster;
  const ir::Service* web = cluster.find_service("shop", "web");
  REQUIRE(web != nullptr);
  std::string text;
  for (const ir::ServiceBackend& backend : ir::backends(cluster, *web, web->ports.at(0))) {
    const bool is_pod = backend.pod.has_value();
    text += (text.empty() ? "" : " ") + (is_pod ? cluster.pod(*backend.pod).cluster + "/" + cluster.pod(*backend.pod).name : ir::to_text(backend.address));
    text += ":" + std::to_string(backend.port);
  }
  return text;
}

TEST_CASE("what stands behind a Service", "[resolve]") {
  const std::string here = pod("a", "app: web", "10.0.0.1").substr(4), there = pod("b", "app: web", "10.1.0.1").substr(4);
  const std::string plain = "selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]";
  const std::string far = "selector: {app: web}, ports: [{name: http, port: 81, targetPort: 9090}]";
  const auto mesh = [&](std::string_view mine, std::string_view theirs) {
    return run_mesh({{"", here + service("web", plain, mine)}, {"west", there + service("web", far, theirs)}});
  };
  struct Case { std::string_view why, here, there, behind; };
  const auto c = GENERATE(values<Case>({
      {"not global", "", "", "/a:8080"},
      {"both global", "service.cilium.io/global: \"true\"", "service.cilium.io/global: \"true\"", "/a:8080 west/b:9090"},
      {"the old name, in any case", "io.cilium/global-service: \"True\"", "service.cilium.io/global: \"true\"", "/a:8080 west/b:9090"},
      {"the new name beats the old", "io.cilium/global-service: \"true\", service.cilium.io/global: \"false\"",
       "service.cilium.io/global: \"true\"", "/a:8080"},
      {"the other is not global", "service.cilium.io/global: \"true\"", "", "/a:8080"},
      {"this one is not", "", "service.cilium.io/global: \"true\"", "/a:8080"},
      {"the other does not share", "service.cilium.io/global: \"true\"",
       "service.cilium.io/global: \"true\", service.cilium.io/shared: \"false\"", "/a:8080"},
      {"near before far", "service.cilium.io/global: \"true\", service.cilium.io/affinity: local", "service.cilium.io/global: \"true\"",
       "/a:8080"},
      {"far before near", "service.cilium.io/global: \"true\", service.cilium.io/affinity: remote", "service.cilium.io/global: \"true\"",
       "west/b:9090"},
      {"far, and there is none", "service.cilium.io/global: \"true\", service.cilium.io/affinity: remote", "", "/a:8080"},
      {"no preference", "service.cilium.io/global: \"true\", service.cilium.io/affinity: none", "service.cilium.io/global: \"true\"",
       "/a:8080 west/b:9090"},
      {"of a Service that is not global", "service.cilium.io/affinity: remote", "service.cilium.io/global: \"true\"", "/a:8080"},
      {"this one need not share", "service.cilium.io/global: \"true\", service.cilium.io/shared: \"false\"",
       "service.cilium.io/global: \"true\"", "/a:8080 west/b:9090"},
  }));
  INFO(c.why);
  CHECK(behind_web(mesh(c.here, c.there)) == c.behind);
}

TEST_CASE("behind a Service without a selector", "[resolve]") {
  const std::string ports = "addressType: IPv4\nports: [{name: http, port: 8080}]\nendpoints: [{addresses: [10.0.0.1, 198.51.100.1]}]\n";
  const std::string by_hand = service("web", "ports: [{name: http, port: 80, targetPort: 1}]").substr(4);
  CHECK(behind_web(run(by_hand + slice(ports) + pod("a", "app: x", "10.0.0.1"))) == "/a:8080 198.51.100.1:8080");
  CHECK(behind_web(run(by_hand)) == "");
  // With one, its pods alone count.
  CHECK(behind_web(run(service("web", "selector: {app: web}, ports: [{name: http, port: 80, targetPort: 1}]").substr(4) + slice(ports) +
                       pod("a", "app: x", "10.0.0.1"))) == "");
}

}  // namespace
}  // namespace weir::test
