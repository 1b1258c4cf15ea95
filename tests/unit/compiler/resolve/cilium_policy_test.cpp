// policy.md 2.4 to 2.7, 3.1 to 3.9: what a CiliumNetworkPolicy means, row by row.

#include <catch2/catch.hpp>

#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

// One rule in namespace shop; `body` is indented by four.
std::string policy(std::string_view body) {
  std::string text =
      "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n"
      "  endpointSelector: {}\n";
  return text + std::string(body);
}

constexpr std::string_view kHere = "k8s:io.cilium.k8s.policy.cluster=default,k8s:io.kubernetes.pod.namespace=shop";

TEST_CASE("nil, [] and {} (policy.md 3.6)", "[resolve]") {
  struct Case { std::string_view why, body, rules; };
  const auto c = GENERATE(values<Case>({
      {"absent says nothing", "  egress: [{}]\n", "egress allow : nobody : any\n"},
      {"[] says nothing", "  ingress: []\n  egress: [{}]\n", "egress allow : nobody : any\n"},
      {"[{}] allows nothing and isolates", "  ingress: [{}]\n", "ingress allow : nobody : any\n"},
      {"- {} is the same", "  ingress:\n  - {}\n", "ingress allow : nobody : any\n"},
      {"no peer, with ports: any peer", "  ingress:\n  - toPorts:\n    - ports: [{port: \"80\", protocol: TCP}]\n",
       "ingress allow : any : TCP/80\n"},
      {"no peer, with icmps: any peer", "  ingress:\n  - icmps:\n    - fields: [{type: 8}]\n",
       "ingress allow : any : ICMP type 8\n"},
      {"fromEndpoints: [] selects nothing", "  ingress:\n  - fromEndpoints: []\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n",
       "ingress allow : nobody : TCP/80\n"},
      {"fromEntities: [] selects nothing", "  ingress:\n  - fromEntities: []\n", "ingress allow : nobody : any\n"},
      {"fromCIDR: [] selects nothing", "  ingress:\n  - fromCIDR: []\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n",
       "ingress allow : nobody : TCP/80\n"},
      {"fromCIDRSet: [] selects nothing", "  ingress:\n  - fromCIDRSet: []\n", "ingress allow : nobody : any\n"},
      {"toEndpoints: [] selects nothing", "  egress:\n  - toEndpoints: []\n", "egress allow : nobody : any\n"},
      {"toFQDNs: [] is absent", "  egress:\n  - toFQDNs: []\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n",
       "egress allow : any : TCP/80 ? derived.empty_outside_peers_are_absent\n"},
      {"toServices: [] is absent", "  egress:\n  - toServices: []\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n",
       "egress allow : any : TCP/80 ? derived.empty_outside_peers_are_absent\n"},
      {"toGroups: [] is absent", "  egress:\n  - toGroups: []\n", "egress allow : nobody : any ? derived.empty_outside_peers_are_absent\n"},
      {"toPorts: [] is every port", "  ingress:\n  - fromEntities: [host]\n    toPorts: []\n", "ingress allow : reserved:host : any\n"},
      {"toPorts: [] and no peer allows nothing", "  ingress:\n  - toPorts: []\n", "ingress allow : nobody : any\n"},
      {"toPorts: [{}] matches no port", "  ingress:\n  - fromEntities: [host]\n    toPorts: [{}]\n",
       "ingress allow : reserved:host : none ? derived.port_rule_without_ports_matches_nothing\n"},
      {"a port rule with ports: [] matches no port", "  ingress:\n  - fromEntities: [host]\n    toPorts: [{ports: []}]\n",
       "ingress allow : reserved:host : none ? derived.port_rule_without_ports_matches_nothing\n"},
      {"rules: {} restricts nothing", "  ingress:\n  - toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {}}]\n",
       "ingress allow : any : TCP/80\n"},
      {"http: [] restricts nothing", "  ingress:\n  - toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: []}}]\n",
       "ingress allow : any : TCP/80\n"},
      {"null is absent", "  ingress:\n  - fromEndpoints: null\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n",
       "ingress allow : any : TCP/80\n"},
  }));
  INFO(c.why);
  const Run result = run(policy(c.body));
  CHECK(diagnostics_text(result) == "");
  CHECK(rules_text(result) == c.rules);
}

TEST_CASE("peers of fromEndpoints (policy.md 2.1 to 2.4)", "[resolve]") {
  struct Case { std::string_view why, selector, peer; };
  const auto c = GENERATE_COPY(values<Case>({
      {"2.3 {} is every pod of the namespace", "{}", kHere},
      {"2.4b pod labels stay in the namespace", "{matchLabels: {app: web}}",
       "any:app=web,k8s:io.cilium.k8s.policy.cluster=default,k8s:io.kubernetes.pod.namespace=shop"},
      {"2.1 a source prefix", "{matchLabels: {k8s:app: web}}",
       "k8s:app=web,k8s:io.cilium.k8s.policy.cluster=default,k8s:io.kubernetes.pod.namespace=shop"},
      {"2.4b a namespace of its own", "{matchLabels: {k8s:io.kubernetes.pod.namespace: infra}}",
       "k8s:io.cilium.k8s.policy.cluster=default,k8s:io.kubernetes.pod.namespace=infra"},
      {"2.4b the same without prefix", "{matchLabels: {io.kubernetes.pod.namespace: infra}}",
       "any:io.kubernetes.pod.namespace=infra,k8s:io.cilium.k8s.policy.cluster=default"},
      {"2.4b a namespace label spans namespaces", "{matchLabels: {io.cilium.k8s.namespace.labels.team: a}}",
       "any:io.cilium.k8s.namespace.labels.team=a,k8s:io.cilium.k8s.policy.cluster=default"},
      {"2.4c a cluster of its own", "{matchLabels: {io.cilium.k8s.policy.cluster: east}}",
       "any:io.cilium.k8s.policy.cluster=east,k8s:io.kubernetes.pod.namespace=shop"},
      {"2.4a a reserved key stays as it is", "{matchLabels: {\"reserved:host\": \"\"}}", "reserved:host="},
      {"2.1 $x is reserved:x", "{matchExpressions: [{key: $host, operator: Exists}]}", "reserved:host"},
      {"2.2 expressions", "{matchExpressions: [{key: tier, operator: NotIn, values: [b, a]}]}",
       "any:tier notin (a,b),k8s:io.cilium.k8s.policy.cluster=default,k8s:io.kubernetes.pod.namespace=shop"},
  }));
  INFO(c.why);
  const Run result = run(policy("  ingress:\n  - fromEndpoints: [" + std::string(c.selector) + "]\n"));
  CHECK(diagnostics_text(result) == "");
  CHECK(rules_text(result) == "ingress allow : " + std::string(c.peer) + " : any\n");
}

TEST_CASE("the local cluster is implied since 1.19 (policy.md 2.4c)", "[resolve]") {
  const Run result = run(policy("  ingress:\n  - fromEndpoints: [{}]\n"), ir::settings_for(ir::Dialect::Cilium118));
  CHECK(rules_text(result) == "ingress allow : k8s:io.kubernetes.pod.namespace=shop : any\n");
}

TEST_CASE("entities (policy.md 2.7)", "[resolve]") {
  struct Case { std::string_view why, entity; std::string peers; };
  const std::string all_reserved =
      "reserved:host | reserved:remote-node | reserved:init | reserved:ingress | reserved:health | reserved:unmanaged | "
      "reserved:kube-apiserver";
  const std::string cluster = all_reserved + " | k8s:io.cilium.k8s.policy.cluster=default";
  const std::string mesh = all_reserved + " | k8s:io.cilium.k8s.policy.cluster";
  const auto c = GENERATE_COPY(values<Case>({
      {"the true wildcard", "all", "{}"},
      {"every form of world", "world", "reserved:world | reserved:world-ipv4 | reserved:world-ipv6"},
      {"the node of the subject", "host", "reserved:host"},
      {"other nodes", "remote-node", "reserved:remote-node"},
      {"no labels yet", "init", "reserved:init"},
      {"Envoy", "ingress", "reserved:ingress"},
      {"health checks", "health", "reserved:health"},
      {"not managed", "unmanaged", "reserved:unmanaged"},
      {"API server", "kube-apiserver", "reserved:kube-apiserver"},
      {"never matches", "none", "nobody"},
      {"nodes of every cluster, pods of this one", "cluster", cluster},
      {"pods of every cluster", "cluster-mesh", mesh},
  }));
  INFO(c.why);
  const Run result = run(policy("  ingress:\n  - fromEntities: [" + std::string(c.entity) + "]\n"));
  CHECK(diagnostics_text(result) == "");
  CHECK(rules_text(result) == "ingress allow : " + c.peers + " : any\n");
}

TEST_CASE("cluster-mesh is new in 1.20", "[resolve]") {
  const Run result = run(policy("  ingress:\n  - fromEntities: [cluster-mesh]\n"), ir::settings_for(ir::Dialect::Cilium119));
  CHECK(diagnostics_text(result) == "WEIR0104 7:20 entity `cluster-mesh` is not in dialect cilium-1.19\n");
}

TEST_CASE("ports, CIDRs and ICMP", "[resolve]") {
  struct Case { std::string_view why, element, rules; };
  const auto c = GENERATE(values<Case>({
      {"3.7 no protocol is TCP, UDP and SCTP", "toPorts: [{ports: [{port: \"53\"}]}]", "any : TCP/53 | UDP/53 | SCTP/53"},
      {"3.7 ANY is the same", "toPorts: [{ports: [{port: \"53\", protocol: ANY}]}]", "any : TCP/53 | UDP/53 | SCTP/53"},
      {"3.7 port 0 is every port", "toPorts: [{ports: [{port: \"0\", protocol: UDP}]}]", "any : UDP"},
      {"3.7 a range", "toPorts: [{ports: [{port: \"80\", endPort: 90, protocol: TCP}]}]", "any : TCP/80-90"},
      {"3.7 endPort below port is one port", "toPorts: [{ports: [{port: \"80\", endPort: 70, protocol: TCP}]}]", "any : TCP/80"},
      {"3.7 endPort 0 is one port", "toPorts: [{ports: [{port: \"80\", endPort: 0, protocol: TCP}]}]", "any : TCP/80"},
      {"several rules are one list", "toPorts: [{ports: [{port: \"80\", protocol: TCP}]}, {ports: [{port: \"53\", protocol: UDP}]}]",
       "any : TCP/80 | UDP/53"},
      {"3.9 a type", "icmps: [{fields: [{type: 8}, {family: IPv6, type: 128}]}]", "any : ICMP type 8 | ICMPv6 type 128"},
      {"3.9 names", "icmps: [{fields: [{type: Echo}, {family: IPv6, type: EchoReply}]}]", "any : ICMP type 8 | ICMPv6 type 129"},
      {"3.9 type 0 of IPv4 is every type", "icmps: [{fields: [{type: EchoReply}]}]",
       "any : ICMP ? derived.icmp_type_zero_is_all"},
      {"a bare address is a host", "fromCIDR: [192.0.2.1]", "cidr 192.0.2.1/32 : any"},
      {"except stays with its CIDR", "fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.96.0.0/12]}]",
       "cidr 10.0.0.0/8 except 10.96.0.0/12 : any"},
      {"except may be all of it", "fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.0.0.0/8]}]",
       "cidr 10.0.0.0/8 except 10.0.0.0/8 : any"},
  }));
  INFO(c.why);
  const Run result = run(policy("  ingress: [{" + std::string(c.element) + "}]\n"));
  CHECK(diagnostics_text(result) == "");
  CHECK(rules_text(result) == "ingress allow : " + std::string(c.rules) + "\n");
}

TEST_CASE("ICMP type 0 is one type when the switch is off", "[resolve]") {
  ir::Settings settings;
  settings.derived_icmp_type_zero_is_all = false;
  const Run result = run(policy("  ingress: [{icmps: [{fields: [{type: 0}]}]}]\n"), settings);
  CHECK(rules_text(result) == "ingress allow : any : ICMP type 0 ? derived.icmp_type_zero_is_all\n");
}

TEST_CASE("default deny by direction (policy.md 4.1)", "[resolve]") {
  struct Case { std::string_view why, body; bool switch_on; std::string_view rules; };
  const auto c = GENERATE(values<Case>({
      {"true when unset", "  ingressDeny: [{fromEntities: [world]}]\n", true,
       "ingress deny : reserved:world | reserved:world-ipv4 | reserved:world-ipv6 : any\n"},
      {"false as written", "  enableDefaultDeny: {ingress: false}\n  ingressDeny: [{fromEntities: [host]}]\n", true,
       "ingress deny joins : reserved:host : any\n"},
      {"only its direction", "  enableDefaultDeny: {ingress: false}\n  egress: [{toEntities: [host]}]\n", true,
       "egress allow : reserved:host : any\n"},
      {"the setting switches it off", "  enableDefaultDeny: {ingress: false}\n  ingressDeny: [{fromEntities: [host]}]\n", false,
       "ingress deny : reserved:host : any\n"},
  }));
  INFO(c.why);
  ir::Settings settings;
  settings.non_default_deny_policies = c.switch_on;
  CHECK(rules_text(run(policy(c.body), settings)) == c.rules);
}

TEST_CASE("subjects (policy.md 2.5)", "[resolve]") {
  struct Case { std::string_view why, selector, subject, diagnostics; };
  const auto c = GENERATE(values<Case>({
      {"the namespace is ANDed", "{matchLabels: {app: web}}", "any:app=web,k8s:io.kubernetes.pod.namespace=shop", ""},
      {"another namespace is overwritten", "{matchLabels: {k8s:io.kubernetes.pod.namespace: infra}}",
       "k8s:io.kubernetes.pod.namespace=shop",
       "WEIR0305 5:36 the policy stands in namespace `shop`, so namespace `infra` is overwritten [put the policy into namespace `infra`]\n"},
      {"without a source it stays and matches nothing", "{matchLabels: {io.kubernetes.pod.namespace: infra}}",
       "any:io.kubernetes.pod.namespace=infra,k8s:io.kubernetes.pod.namespace=shop",
       "WEIR0305 5:36 the policy stands in namespace `shop`, so namespace `infra` makes it select nothing [put the policy into namespace `infra`]\n"},
  }));
  INFO(c.why);
  const Run result = run(
      "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n"
      "  endpointSelector: " + std::string(c.selector) + "\n  ingress: [{}]\n");
  REQUIRE(result.resolved.policies.rules.size() == 1);
  CHECK(ir::to_text(result.resolved.policies.rules[0].subject) == c.subject);
  CHECK(diagnostics_text(result) == c.diagnostics);
}

TEST_CASE("spec and specs are independent rules, in order", "[resolve]") {
  const Run result = run(
      "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\n"
      "spec: {endpointSelector: {}, ingress: [{fromEntities: [host]}, {fromEntities: [init]}]}\n"
      "specs:\n- {endpointSelector: {}, ingressDeny: [{fromEntities: [health]}], egress: [{}]}\n");
  CHECK(diagnostics_text(result) == "");
  CHECK(rules_text(result) ==
        "ingress allow : reserved:host : any\ningress deny : reserved:health : any\n"
        "ingress allow : reserved:init : any\negress allow : nobody : any\n");
}

TEST_CASE("what is refused in a CiliumNetworkPolicy", "[resolve]") {
  struct Case { std::string_view why, body, code; };
  const auto c = GENERATE(values<Case>({
      {"3.1 no list at all", "  description: x\n", "WEIR0105"},
      {"3.1 only empty lists", "  ingress: []\n", "WEIR0105"},
      {"3.3 two peer fields", "  ingress: [{fromEndpoints: [{}], fromEntities: [host]}]\n", "WEIR0108"},
      {"3.3 an empty one does not count", "  ingress: [{fromEndpoints: [], fromEntities: [host]}]\n", ""},
      {"3.9 icmps beside toPorts", "  ingress: [{icmps: [{fields: [{type: 8}]}], toPorts: [{ports: [{port: \"80\"}]}]}]\n", "WEIR0108"},
      {"a field of a deny is never skipped", "  egressDeny: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], serverNames: [a.io]}]}]\n", "WEIR0101"},
      {"2.9 a Service that is not there", "  egressDeny: [{toServices: [{k8sService: {serviceName: a}}]}]\n", "WEIR0318"},
      {"2.9 a Service by neither", "  egress: [{toServices: [{}]}]\n", "WEIR0105"},
      {"2.10 a provider's group", "  egress: [{toGroups: [{aws: {securityGroupsIds: [sg-1]}}]}]\n", "WEIR0316"},
      {"3.4 requirements", "  ingress: [{fromRequires: [{matchLabels: {a: b}}]}]\n", "WEIR0116"},
      {"3.5 kafka", "  ingress: [{toPorts: [{ports: [{port: \"9092\", protocol: TCP}], rules: {kafka: [{topic: a}]}}]}]\n", "WEIR0116"},
      {"3.10 no toFQDNs in a deny", "  egressDeny: [{toFQDNs: [{matchName: a.io}]}]\n", "WEIR0101"},
      {"3.10 no authentication in a deny", "  egressDeny: [{authentication: {mode: required}}]\n", "WEIR0101"},
      {"3.11 no such mode", "  ingress: [{authentication: {mode: on}}]\n", "WEIR0103"},
      {"3.12 HTTP on UDP", "  ingress: [{toPorts: [{ports: [{port: \"80\", protocol: UDP}], rules: {http: [{}]}}]}]\n", "WEIR0104"},
      {"3.12 HTTP on any protocol", "  ingress: [{toPorts: [{ports: [{port: \"80\"}], rules: {http: [{}]}}]}]\n", "WEIR0104"},
      {"3.12 HTTP on port 0", "  ingress: [{toPorts: [{ports: [{port: \"0\", protocol: TCP}], rules: {http: [{}]}}]}]\n", "WEIR0104"},
      {"3.12 HTTP on a range", "  ingress: [{toPorts: [{ports: [{port: \"80\", endPort: 90, protocol: TCP}], rules: {http: [{}]}}]}]\n", ""},
      {"3.12 DNS on a range", "  egress: [{toPorts: [{ports: [{port: \"53\", endPort: 54}], rules: {dns: [{matchName: a}]}}]}]\n", "WEIR0104"},
      {"3.12 DNS without ports", "  egress: [{toPorts: [{rules: {dns: [{matchName: a}]}}]}]\n", "WEIR0104"},
      {"3.12 DNS on ingress", "  ingress: [{toPorts: [{ports: [{port: \"53\"}], rules: {dns: [{matchName: a}]}}]}]\n", "WEIR0104"},
      {"3.12 DNS", "  egress: [{toPorts: [{ports: [{port: \"53\"}], rules: {dns: [{matchName: a}]}}]}]\n", ""},
      {"3.12 HTTP and DNS", "  egress: [{toPorts: [{ports: [{port: \"53\", protocol: TCP}], rules: {http: [{}], dns: [{matchName: a}]}}]}]\n", "WEIR0108"},
      {"3.12 SNI beside HTTP", "  egress: [{toPorts: [{ports: [{port: \"443\", protocol: TCP}], serverNames: [a.io], rules: {http: [{}]}}]}]\n", "WEIR0104"},
      {"3.12 an empty SNI", "  egress: [{toPorts: [{ports: [{port: \"443\", protocol: TCP}], serverNames: [\"\"]}]}]\n", "WEIR0104"},
      {"5.3 half a label of two stars", "  egress: [{toPorts: [{ports: [{port: \"443\", protocol: TCP}], serverNames: [example.c**]}]}]\n", "WEIR0104"},
      {"3.12 a listener on ingress", "  ingress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], listener: {envoyConfig: {name: a}, name: b}}]}]\n", "WEIR0104"},
      {"3.12 a listener beside HTTP", "  egress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], listener: {envoyConfig: {name: a}, name: b}, rules: {http: [{}]}}]}]\n", "WEIR0108"},
      {"5.1 no expression", "  ingress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{path: \"/[\"}]}}]}]\n", "WEIR0104"},
      {"5.5 a star in a name", "  egress: [{toFQDNs: [{matchName: \"*.a.io\"}]}]\n", "WEIR0104"},
      {"5.5 a name and a pattern", "  egress: [{toFQDNs: [{matchName: a.io, matchPattern: a.io}]}]\n", "WEIR0108"},
      {"5.5 neither", "  egress: [{toFQDNs: [{}]}]\n", "WEIR0105"},
      {"3.2 a long log", "  log: {value: 123456789012345678901234567890123}\n  ingress: [{}]\n", "WEIR0103"},
      {"3.2 a long log that is text", "  log: {value: a23456789012345678901234567890123}\n  ingress: [{}]\n", "WEIR0104"},
      {"2.8 nodes without their labels", "  ingress: [{fromNodes: [{}]}]\n", "WEIR0104"},
      {"3.12 HTTP", "  ingress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{}]}}]}]\n", ""},
      {"a deny has no rules", "  ingressDeny: [{toPorts: [{ports: [{port: \"80\"}], rules: {}}]}]\n", "WEIR0101"},
      {"3.7 a named port", "  ingress: [{toPorts: [{ports: [{port: web, protocol: TCP}]}]}]\n", ""},
      {"3.7 a port name that is none", "  ingress: [{toPorts: [{ports: [{port: web--, protocol: TCP}]}]}]\n", "WEIR0104"},
      {"3.7 a named port with endPort", "  ingress: [{toPorts: [{ports: [{port: web, endPort: 90, protocol: TCP}]}]}]\n", "WEIR0104"},
      {"no such port", "  ingress: [{toPorts: [{ports: [{port: \"65536\", protocol: TCP}]}]}]\n", "WEIR0104"},
      {"a port that is a number", "  ingress: [{toPorts: [{ports: [{port: 80, protocol: TCP}]}]}]\n", "WEIR0103"},
      {"a protocol in lower case", "  ingress: [{toPorts: [{ports: [{port: \"80\", protocol: tcp}]}]}]\n", "WEIR0104"},
      {"an extended protocol", "  ingress: [{toPorts: [{ports: [{port: \"0\", protocol: GRE}]}]}]\n", "WEIR0104"},
      {"no port", "  ingress: [{toPorts: [{ports: [{protocol: TCP}]}]}]\n", "WEIR0105"},
      {"no such entity", "  ingress: [{fromEntities: [wrold]}]\n", "WEIR0104"},
      {"no CIDR", "  ingress: [{fromCIDR: [10.0.0.0/33]}]\n", "WEIR0104"},
      {"except outside", "  ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [11.0.0.0/8]}]}]\n", "WEIR0104"},
      {"a group of CIDRs", "  ingress: [{fromCIDRSet: [{cidrGroupRef: a}]}]\n", "WEIR0318"},
      {"no such ICMP type", "  ingress: [{icmps: [{fields: [{type: 256}]}]}]\n", "WEIR0104"},
      {"no such ICMP name", "  ingress: [{icmps: [{fields: [{type: EchoReplyy}]}]}]\n", "WEIR0104"},
      {"a null element", "  ingress:\n  -\n", "WEIR0103"},
      {"a misspelt field", "  ingres: [{}]\n  egress: [{}]\n", "WEIR0101"},
      {"authentication", "  ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]\n", ""},
      {"3.4 even an empty requirement", "  ingress: [{fromRequires: [{}]}]\n", "WEIR0116"},
      {"an empty fromRequires", "  ingress: [{fromRequires: []}]\n", ""},
      {"a node selector", "  nodeSelector: {}\n  ingress: [{}]\n", "WEIR0104"},
      {"In without values", "  ingress: [{fromEndpoints: [{matchExpressions: [{key: a, operator: In}]}]}]\n", "WEIR0104"},
      {"Exists with values", "  ingress: [{fromEndpoints: [{matchExpressions: [{key: a, operator: Exists, values: [b]}]}]}]\n", "WEIR0104"},
      {"labels are noted", "  labels: [{key: a}]\n  ingress: [{}]\n", "WEIR0109"},
  }));
  INFO(c.why);
  const std::string text = diagnostics_text(run(policy(c.body)));
  INFO(text);
  CHECK(text.substr(0, c.code.empty() ? std::string::npos : 8) == c.code);
}

TEST_CASE("a CiliumNetworkPolicy without a rule", "[resolve]") {
  const auto body = GENERATE(values<std::string_view>({"", "spec: null\n", "specs: []\n", "specs: null\n"}));
  const Run result = run("apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\n" + std::string(body));
  CHECK(diagnostics_text(result) == "WEIR0105 3:18 a CiliumNetworkPolicy needs `spec` or `specs`\n");
}

TEST_CASE("forty ports are enough", "[resolve]") {
  for (const int number : {40, 41}) {
    std::string ports;
    for (int i = 1; i <= number; ++i) ports += (i == 1 ? "" : ", ") + ("{port: \"" + std::to_string(i) + "\", protocol: TCP}");
    const Run result = run(policy("  ingress: [{toPorts: [{ports: [" + ports + "]}]}]\n"));
    CHECK(result.diagnostics.has(ir::Effect::Invalid) == (number > 40));
  }
}

TEST_CASE("half a policy is never used", "[resolve]") {
  const Run result = run(policy("  ingress: [{fromEntities: [host]}, {fromCIDR: [nonsense]}]\n"));
  CHECK(result.diagnostics.has_errors());
  CHECK(result.resolved.policies.rules.empty());
}

}  // namespace
}  // namespace weir::test
