// policy.md section 8: what AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy say, and what they may not.

#include <catch2/catch.hpp>

#include "compiler/api/emit.h"
#include "ir/base/code.h"
#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

constexpr auto kK8s = ir::Dialect::K8s;

ir::Settings cilium_on() {
  ir::Settings settings = ir::settings_for(ir::Dialect::Cilium120);
  settings.k8s_cluster_network_policy = settings.node_selector_labels = true;
  return settings;
}

std::string anp(std::string_view spec) {
  return "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: p}\nspec:\n" + std::string(spec);
}
std::string cnp(std::string_view spec) {
  return "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: p}\nspec:\n" + std::string(spec);
}
/// A ClusterNetworkPolicy with one egress rule.
std::string egress(std::string_view rule) {
  return cnp("  tier: Admin\n  priority: 1\n  subject: {namespaces: {}}\n  egress: [{" + std::string(rule) + "}]\n");
}
std::string repeat(std::string_view item, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += (i == 0 ? "" : ", ") + std::string(item);
  return out;
}

TEST_CASE("peers of the Admin tier (policy.md 8.3 to 8.5)", "[resolve]") {
  struct Case { std::string_view why, rule, k8s, cilium; };
  const auto c = GENERATE(values<Case>({
      {"namespaces: no cluster is added (8.9)", "action: Deny, to: [{namespaces: {matchLabels: {team: a}}}]",
       "egress deny joins : k8s:io.cilium.k8s.namespace.labels.team=a,k8s:io.kubernetes.pod.namespace : any\n", ""},
      {"pods: the cluster is added in Cilium (8.9)",
       "action: Deny, to: [{pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: b}}}}]",
       "egress deny joins : k8s:app=b,k8s:io.cilium.k8s.namespace.labels.team=a,k8s:io.kubernetes.pod.namespace : any\n",
       "egress deny joins : k8s:app=b,k8s:io.cilium.k8s.namespace.labels.team=a,"
       "k8s:io.cilium.k8s.policy.cluster=default,k8s:io.kubernetes.pod.namespace : any\n"},
      {"a cluster that is written stays",
       "action: Deny, to: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {io.cilium.k8s.policy.cluster: b}}}}]",
       "egress deny joins : k8s:io.cilium.k8s.policy.cluster=b,k8s:io.kubernetes.pod.namespace : any\n", ""},
      {"absent namespaceSelector is every namespace", "action: Pass, to: [{pods: {podSelector: {}}}]",
       "egress pass joins : k8s:io.kubernetes.pod.namespace : any\n",
       "egress pass joins : k8s:io.cilium.k8s.policy.cluster=default,k8s:io.kubernetes.pod.namespace : any\n"},
      {"nodes: in Cilium never the own one (2.8)", "action: Deny, to: [{nodes: {matchLabels: {zone: a}}}]",
       "egress deny joins : node:zone=a,reserved:host | node:zone=a,reserved:remote-node : any\n",
       "egress deny joins : k8s:io.cilium.k8s.policy.cluster=default,node:zone=a,reserved:remote-node : any\n"},
      {"networks", "action: Accept, to: [{networks: [10.0.0.0/8, \"fd00::/8\"]}]",
       "egress allow joins : cidr 10.0.0.0/8 | cidr fd00::/8 : any\n", ""},
      {"a list of peers", "action: Deny, to: [{namespaces: {}}, {networks: [10.0.0.0/8]}]",
       "egress deny joins : k8s:io.kubernetes.pod.namespace | cidr 10.0.0.0/8 : any\n", ""},
  }));
  INFO(c.why);
  const Run k8s = run(egress(c.rule), ir::settings_for(kK8s));
  CHECK(diagnostics_text(k8s) == "");
  CHECK(rules_text(k8s) == c.k8s);
  const Run cilium = run(egress(c.rule), cilium_on());
  CHECK(diagnostics_text(cilium) == "");
  CHECK(rules_text(cilium) == (c.cilium.empty() ? c.k8s : c.cilium));
}

TEST_CASE("domain names are any number of labels below a star (policy.md 8.5)", "[resolve]") {
  const std::string rule = "action: Accept, to: [{domainNames: [a.example.com, \"*.example.org\"]}]";
  const Run k8s = run(egress(rule), ir::settings_for(kK8s));
  CHECK(diagnostics_text(k8s) == "");
  REQUIRE(k8s.resolved.policies.rules.size() == 1);
  const ir::Rule& only = k8s.resolved.policies.rules[0];
  REQUIRE(only.peers->size() == 2);
  CHECK(only.peers->at(0) == ir::Peer{ir::FqdnPeer{{"a.example.com", true}, false}});
  CHECK(only.peers->at(1) == ir::Peer{ir::FqdnPeer{{"**.example.org", false}, false}});
}

TEST_CASE("Cilium lets the subject look its domain names up (policy.md 8.5)", "[resolve]") {
  const std::string dns = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}\n"
                          "spec: {containers: [{ports: [{name: dns, containerPort: 53, protocol: UDP}]}]}\n";
  const Run result = run(egress("action: Accept, to: [{domainNames: [a.example.com]}]") + dns, cilium_on());
  CHECK(diagnostics_text(result) == "");
  const auto& rules = result.resolved.policies.rules;
  const auto lookup = std::find_if(rules.begin(), rules.end(), [](const ir::Rule& r) { return r.l7 && !r.peers->empty(); });
  REQUIRE(lookup != rules.end());
  CHECK(lookup->l7->dns == std::vector<ir::NamePattern>{{"a.example.com", true}});
  CHECK(lookup->ports == std::vector<ir::PortMatch>{{ir::Protocol::Udp, {53, 53}}});
  CHECK(lookup->priority == rules.back().priority);
}

TEST_CASE("tiers and priorities (policy.md 8.1)", "[resolve]") {
  const Run result = run(
      "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\nspec:\n"
      "  subject: {namespaces: {}}\n  ingress: [{action: Allow, from: [{namespaces: {}}]}, {action: Deny, from: [{namespaces: {}}]}]\n---\n" +
          anp("  priority: 7\n  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: a}}}}\n"
              "  egress: [{action: Deny, to: [{namespaces: {}}]}, {action: Pass, to: [{namespaces: {}}]}]\n"),
      ir::settings_for(kK8s));
  CHECK(diagnostics_text(result) == "");
  const auto& rules = result.resolved.policies.rules;
  REQUIRE(rules.size() == 4);
  CHECK((rules[0].tier == ir::Tier::Admin && rules[0].priority == 7000 && rules[0].action == ir::Action::Deny));
  CHECK((rules[1].tier == ir::Tier::Admin && rules[1].priority == 7001 && rules[1].action == ir::Action::Pass));
  CHECK((rules[2].tier == ir::Tier::Baseline && rules[2].priority == 0 && rules[3].priority == 1));
  CHECK(ir::to_text(rules[0].subject) == "k8s:app=a,k8s:io.kubernetes.pod.namespace");
  for (const ir::Rule& rule : rules) CHECK_FALSE(rule.default_deny);
}

TEST_CASE("a deny that an allow comes before, or that a pass goes round, is no mistake (policy.md 8.1)", "[resolve]") {
  const std::string np = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: a}\n"
                         "spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}\n";
  const auto with = [&](std::string_view rules) {
    return run(anp("  priority: 7\n  subject: {namespaces: {}}\n  ingress: [" + std::string(rules) + "]\n") + np, ir::settings_for(kK8s));
  };
  const Run passed = with("{action: Pass, from: [{namespaces: {}}]}, {action: Deny, from: [{namespaces: {}}]}");
  CHECK(diagnostics_text(passed) == "");
  const Run taken = with("{action: Deny, from: [{namespaces: {}}]}, {action: Allow, from: [{namespaces: {}}]}");
  CHECK(diagnostics_text(taken).starts_with("WEIR0306"));
}

TEST_CASE("ports of both versions (policy.md 8.6)", "[resolve]") {
  struct Case { std::string_view why, ports, protocols, text; };
  const auto c = GENERATE(values<Case>({
      {"absent is everything", "", "", "any"},
      {"a number, TCP by default", "{portNumber: {port: 80}}", "{tcp: {destinationPort: {number: 80}}}", "TCP/80"},
      {"another protocol", "{portNumber: {protocol: SCTP, port: 80}}", "{sctp: {destinationPort: {number: 80}}}", "SCTP/80"},
      {"a range", "{portRange: {protocol: UDP, start: 80, end: 81}}", "{udp: {destinationPort: {range: {start: 80, end: 81}}}}",
       "UDP/80-81"},
      {"two", "{portNumber: {port: 80}}, {portNumber: {port: 443}}",
       "{tcp: {destinationPort: {number: 80}}}, {tcp: {destinationPort: {number: 443}}}", "TCP/80 | TCP/443"},
  }));
  INFO(c.why);
  const std::string from = "{action: Deny, from: [{namespaces: {}}]";
  const std::string old_ports = c.ports.empty() ? "" : ", ports: [" + std::string(c.ports) + "]";
  const std::string new_ports = c.protocols.empty() ? "" : ", protocols: [" + std::string(c.protocols) + "]";
  const std::string expected = "ingress deny joins : k8s:io.kubernetes.pod.namespace : " + std::string(c.text) + "\n";
  const Run v1 = run(anp("  priority: 0\n  subject: {namespaces: {}}\n  ingress: [" + from + old_ports + "}]\n"), ir::settings_for(kK8s));
  CHECK(diagnostics_text(v1) == "");
  CHECK(rules_text(v1) == expected);
  const Run v2 = run(cnp("  tier: Baseline\n  priority: 1000\n  subject: {namespaces: {}}\n  ingress: [" + from + new_ports + "}]\n"),
                     ir::settings_for(kK8s));
  CHECK(diagnostics_text(v2) == "");
  CHECK(rules_text(v2) == expected);
}

TEST_CASE("a port by name has the protocol of the container port (policy.md 8.6)", "[resolve]") {
  const Run result = run(egress("action: Deny, to: [{namespaces: {}}], protocols: [{destinationNamedPort: Web}]") +
                             "---\napiVersion: v1\nkind: Pod\nmetadata: {name: w, namespace: a}\n"
                             "spec: {containers: [{ports: [{name: web, containerPort: 53, protocol: UDP}]}]}\n",
                         ir::settings_for(kK8s));
  CHECK(diagnostics_text(result) == "");
  const auto& rules = result.resolved.policies.rules;
  const auto named = std::find_if(rules.begin(), rules.end(), [](const ir::Rule& r) { return !r.peers->empty(); });
  REQUIRE(named != rules.end());
  CHECK(named->ports == std::vector<ir::PortMatch>{{ir::Protocol::Udp, {53, 53}}});
}

TEST_CASE("which dialect enforces what (policy.md 8.9)", "[resolve]") {
  const std::string both = anp("  priority: 0\n  subject: {namespaces: {}}\n") + "---\n" +
                           cnp("  tier: Admin\n  priority: 0\n  subject: {namespaces: {}}\n");
  struct Case { ir::Dialect dialect; bool setting; std::size_t policies, warnings; };
  const auto c = GENERATE(values<Case>({{ir::Dialect::K8s, true, 2, 0},
                                        {ir::Dialect::Cilium120, true, 1, 1},
                                        {ir::Dialect::Cilium120, false, 0, 2},
                                        {ir::Dialect::Cilium119, true, 0, 2},
                                        {ir::Dialect::Cilium118, true, 0, 2}}));
  ir::Settings settings = ir::settings_for(c.dialect);
  settings.k8s_cluster_network_policy = c.setting;
  const Run result = run(both, settings);
  INFO(ir::to_text(c.dialect) << "\n" << diagnostics_text(result));
  CHECK(result.resolved.policies.policies.size() == c.policies);
  CHECK(result.diagnostics.list().size() == c.warnings);
  for (const ir::Diagnostic& d : result.diagnostics.list()) CHECK(d.kind == ir::Code::NotInDialect);
}

TEST_CASE("a peer of some later version fails closed (policy.md 8.7)", "[resolve]") {
  struct Case { std::string_view action, rules; };
  const auto c = GENERATE(values<Case>({{"Accept", "egress allow joins : nobody : TCP/80\n"},
                                        {"Deny", "egress deny joins : any : TCP/80\n"},
                                        {"Pass", "egress deny joins : any : TCP/80\n"}}));
  const Run result = run(egress("action: " + std::string(c.action) +
                                ", to: [{namespaces: {}}, {workloads: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}]"),
                         ir::settings_for(kK8s));
  CHECK(rules_text(result) == c.rules);
  REQUIRE(result.diagnostics.list().size() == 1);
  CHECK(result.diagnostics.list()[0].kind == ir::Code::NotInDialect);
}

TEST_CASE("equal priorities are said where they matter (policy.md 8.1)", "[resolve]") {
  const auto two = [](std::string_view first, std::string_view second) {
    const std::string rules = "  ingress: [{action: Deny, from: [{namespaces: {}}]}]\n";
    const std::string pods = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: a, labels: {app: a}}\nspec: {}\n"
                             "---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: a, labels: {app: b}}\nspec: {}\n";
    return "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: q}\nspec:\n" + std::string(first) +
           rules + "---\n" + anp(std::string(second) + rules) + pods;
  };
  const auto subject = [](int priority, std::string_view app) {
    return "  priority: " + std::to_string(priority) + "\n  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: " +
           std::string(app) + "}}}}\n";
  };
  const Run meet = run(two(subject(5, "a"), subject(5, "a")), ir::settings_for(kK8s));
  REQUIRE(meet.diagnostics.list().size() == 1);
  CHECK(meet.diagnostics.list()[0].primary.line == 13);
  CHECK_FALSE(meet.resolved.policies.rules[0].assumptions.empty());
  CHECK(diagnostics_text(run(two(subject(5, "a"), subject(5, "b")), ir::settings_for(kK8s))) == "");
  CHECK(diagnostics_text(run(two(subject(5, "a"), subject(6, "a")), ir::settings_for(kK8s))) == "");
}

TEST_CASE("what needs a setting in Cilium (policy.md 2.8, 8.3)", "[resolve]") {
  ir::Settings settings = cilium_on();
  settings.node_selector_labels = settings.l7_proxy = false;
  const std::string nodes = egress("action: Deny, to: [{nodes: {}}]"), names = egress("action: Accept, to: [{domainNames: [a.b]}]");
  CHECK(diagnostics_text(run(nodes, settings)).starts_with("WEIR0104 8:32 a peer by `nodes` needs the setting `node_selector_labels`"));
  CHECK(diagnostics_text(run(names, settings)).starts_with("WEIR0104 8:34 a peer by `domainNames` needs the setting `l7_proxy`"));
  CHECK(run(nodes, settings).resolved.policies.policies.empty());
  settings = ir::settings_for(kK8s);
  settings.node_selector_labels = settings.l7_proxy = false;
  CHECK(diagnostics_text(run(nodes, settings)) == "");
}

/// The codes of a document, "WEIR0104 WEIR0105", in dialect k8s.
std::string codes(const std::string& yaml) {
  std::string out;
  const Run result = run(yaml, ir::settings_for(kK8s));
  for (const ir::Diagnostic& d : result.diagnostics.list())
    out += (out.empty() ? "" : " ") + std::string(ir::info(d.kind).id);
  return out;
}

TEST_CASE("rules that the API refuses (policy.md 8.3, 8.6, 8.8)", "[api]") {
  struct Case { std::string_view why, rule, codes; };
  const auto c = GENERATE(values<Case>({
      {"good", "action: Accept, to: [{namespaces: {}}]", ""},
      {"no action", "to: [{namespaces: {}}]", "WEIR0105"},
      {"the word of the other version", "action: Allow, to: [{namespaces: {}}]", "WEIR0104"},
      {"no peers", "action: Deny", "WEIR0105"},
      {"an empty list", "action: Deny, to: []", "WEIR0105"},
      {"an empty peer", "action: Deny, to: [{}]", "WEIR0105"},
      {"two kinds in a peer", "action: Deny, to: [{namespaces: {}, nodes: {}}]", "WEIR0108"},
      {"a typing mistake is no later version", "action: Deny, to: [{namespace: {}}]", "WEIR0101"},
      {"from on egress", "action: Deny, from: [{namespaces: {}}]", "WEIR0105 WEIR0101"},
      {"pods without podSelector", "action: Deny, to: [{pods: {namespaceSelector: {}}}]", "WEIR0105"},
      {"no CIDR", "action: Deny, to: [{networks: [10.0.0.1]}]", "WEIR0104"},
      {"IPv4 in IPv6", "action: Deny, to: [{networks: [\"::ffff:10.0.0.0/104\"]}]", "WEIR0104"},
      {"a CIDR twice", "action: Deny, to: [{networks: [10.0.0.0/8, 10.0.0.0/8]}]", "WEIR0104"},
      {"no CIDRs", "action: Deny, to: [{networks: []}]", "WEIR0105"},
      {"names cannot be denied", "action: Deny, to: [{domainNames: [a.example.com]}]", "WEIR0104"},
      {"a name of one label", "action: Accept, to: [{domainNames: [localhost]}]", "WEIR0104"},
      {"a star inside", "action: Accept, to: [{domainNames: [a.*.com]}]", "WEIR0104"},
      {"a star in a label", "action: Accept, to: [{domainNames: [\"*a.example.com\"]}]", "WEIR0104"},
      {"a star alone", "action: Accept, to: [{domainNames: [\"*.\"]}]", "WEIR0104"},
      {"a last dot is good", "action: Accept, to: [{domainNames: [\"*.example.com.\"]}]", ""},
      {"tcp: {} of the drafts", "action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {}}]", "WEIR0105"},
      {"two protocols in one", "action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 1}}, udp: {destinationPort: {number: 1}}}]", "WEIR0108"},
      {"number and range", "action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 1, range: {start: 1, end: 2}}}}]", "WEIR0108"},
      {"neither", "action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {}}}]", "WEIR0105"},
      {"port 0", "action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 0}}}]", "WEIR0104"},
      {"start equals end", "action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {range: {start: 2, end: 2}}}}]", "WEIR0104"},
      {"a range without end", "action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {range: {start: 2}}}}]", "WEIR0105"},
      {"no protocols", "action: Deny, to: [{namespaces: {}}], protocols: []", "WEIR0105"},
      {"an empty protocol", "action: Deny, to: [{namespaces: {}}], protocols: [{}]", "WEIR0105"},
      {"no port name", "action: Deny, to: [{namespaces: {}}], protocols: [{destinationNamedPort: a_b}]", "WEIR0104"},
      {"a named port of a network", "action: Deny, to: [{networks: [10.0.0.0/8]}], protocols: [{destinationNamedPort: web}]", "WEIR0108"},
      {"a named port of nodes", "action: Deny, to: [{namespaces: {}}, {nodes: {}}], protocols: [{destinationNamedPort: web}]", "WEIR0108"},
      {"a named port of a name", "action: Accept, to: [{domainNames: [a.b]}], protocols: [{destinationNamedPort: web}]", "WEIR0108"},
      {"sameLabels", "action: Deny, to: [{namespaces: {sameLabels: [a]}}]", "WEIR0116"},
      {"the selector of v0.1", "action: Deny, to: [{namespaces: {namespaceSelector: {}}}]", "WEIR0116"},
      {"the pods of v0.1", "action: Deny, to: [{pods: {namespaces: {notSameLabels: [a]}, podSelector: {}}}]", "WEIR0116"},
  }));
  INFO(c.why);
  CHECK(codes(egress(c.rule)) == c.codes);
}

TEST_CASE("lists and names have limits (policy.md 8.3)", "[api]") {
  const auto rules = [](int times) {
    return cnp("  tier: Admin\n  priority: 1\n  subject: {namespaces: {}}\n  egress: [" + repeat("{action: Deny, to: [{namespaces: {}}]}", times) + "]\n");
  };
  CHECK(codes(rules(25)) == "");
  CHECK(codes(rules(26)) == "WEIR0104");
  CHECK(codes(egress("action: Deny, to: [" + repeat("{namespaces: {}}", 26) + "]")) == "WEIR0104");
  CHECK(codes(egress("action: Deny, to: [{namespaces: {}}], protocols: [" + repeat("{tcp: {destinationPort: {number: 1}}}", 26) + "]")) == "WEIR0104");
  const auto old = [](int times) {
    return anp("  priority: 1\n  subject: {namespaces: {}}\n  ingress: [" + repeat("{action: Deny, from: [{namespaces: {}}]}", times) + "]\n");
  };
  CHECK(codes(old(100)) == "");
  CHECK(codes(old(101)) == "WEIR0104");
  const auto named = [](const std::string& name) { return egress("name: \"" + name + "\", action: Deny, to: [{namespaces: {}}]"); };
  CHECK(codes(named(std::string(100, 'a'))) == "");
  CHECK(codes(named(std::string(101, 'a'))) == "WEIR0104");
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "\xC3\xA4";
  CHECK(codes(named(umlauts)) == "");
}

TEST_CASE("specs that the API refuses (policy.md 8.1, 8.3)", "[api]") {
  struct Case { std::string_view why, kind, name, spec, codes; };
  const auto c = GENERATE(values<Case>({
      {"no priority", "AdminNetworkPolicy", "p", "subject: {namespaces: {}}", "WEIR0105"},
      {"a priority too high", "AdminNetworkPolicy", "p", "priority: 1001, subject: {namespaces: {}}", "WEIR0104"},
      {"a priority below zero", "AdminNetworkPolicy", "p", "priority: -1, subject: {namespaces: {}}", "WEIR0104"},
      {"no subject", "AdminNetworkPolicy", "p", "priority: 1", "WEIR0105"},
      {"an empty subject", "AdminNetworkPolicy", "p", "priority: 1, subject: {}", "WEIR0105"},
      {"two subjects", "AdminNetworkPolicy", "p", "priority: 1, subject: {namespaces: {}, pods: {namespaceSelector: {}, podSelector: {}}}", "WEIR0108"},
      {"a baseline of another name", "BaselineAdminNetworkPolicy", "p", "subject: {namespaces: {}}", "WEIR0104"},
      {"a baseline with a priority", "BaselineAdminNetworkPolicy", "default", "priority: 1, subject: {namespaces: {}}", "WEIR0101"},
      {"a baseline cannot pass", "BaselineAdminNetworkPolicy", "default", "subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {}}]}]", "WEIR0104"},
      {"two ports in one", "AdminNetworkPolicy", "p", "priority: 1, subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {}}], ports: [{namedPort: a, portNumber: {port: 1}}]}]", "WEIR0108"},
      {"ingress from nodes", "AdminNetworkPolicy", "p", "priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{nodes: {}}]}]", "WEIR0101"},
      {"good", "BaselineAdminNetworkPolicy", "default", "subject: {namespaces: {}}, ingress: [], egress: []", ""},
  }));
  INFO(c.why);
  CHECK(codes("apiVersion: policy.networking.k8s.io/v1alpha1\nkind: " + std::string(c.kind) + "\nmetadata: {name: " + std::string(c.name) +
              "}\nspec: {" + std::string(c.spec) + "}\n") == c.codes);
}

TEST_CASE("the tier of a ClusterNetworkPolicy", "[api]") {
  CHECK(codes(cnp("  priority: 1\n  subject: {namespaces: {}}\n")) == "WEIR0105");
  CHECK(codes(cnp("  tier: admin\n  priority: 1\n  subject: {namespaces: {}}\n")) == "WEIR0104");
  CHECK(codes(cnp("  tier: Baseline\n  priority: 1\n  subject: {namespaces: {}}\n")) == "");
}

TEST_CASE("the text of Admin policies", "[api]") {
  const Run result = run(cnp("  tier: Baseline\n  priority: 3\n  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: a}}}}\n"
                             "  ingress: []\n  egress:\n  - name: out\n    action: Accept\n    to: [{networks: [10.0.0.0/8]}, {domainNames: [\"*.a.b\"]}]\n"
                             "    protocols: [{udp: {destinationPort: {number: 53}}}]\n"));
  CHECK(compiler::to_text(result.objects) ==
        "ClusterNetworkPolicy p baseline 3\n  subject namespaces {} pods {app in (a)}\n  ingress: []\n"
        "  egress[0] allow `out` peers [networks [10.0.0.0/8], names [**.a.b]] ports [UDP/53]\n");
}

}  // namespace
}  // namespace weir::test
