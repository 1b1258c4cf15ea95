// policy.md section 7: what a NetworkPolicy means.

#include <catch2/catch.hpp>

#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

std::string policy(std::string_view body) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n" + std::string(body);
}

TEST_CASE("policyTypes and isolation (policy.md 7.1, 7.5d)", "[resolve]") {
  struct Case { std::string_view why, body; ir::Dialect dialect; std::string_view rules; };
  constexpr auto kK8s = ir::Dialect::K8s;
  constexpr auto kCilium = ir::Dialect::Cilium120;
  const auto c = GENERATE_COPY(values<Case>({
      {"absent: ingress", "  podSelector: {}\n", kK8s, "ingress allow : nobody : any\n"},
      {"empty: ingress too", "  podSelector: {}\n  policyTypes: []\n", kK8s, "ingress allow : nobody : any\n"},
      {"absent with an egress rule: both", "  podSelector: {}\n  egress: [{}]\n", kK8s,
       "ingress allow : nobody : any\negress allow : any : any\n"},
      {"absent with egress []: ingress", "  podSelector: {}\n  egress: []\n", kK8s, "ingress allow : nobody : any\n"},
      {"Egress alone", "  policyTypes: [Egress]\n", kK8s, "egress allow : nobody : any\n"},
      {"both, with one rule", "  policyTypes: [Ingress, Egress]\n  ingress: [{}]\n", kK8s,
       "ingress allow : any : any\negress allow : nobody : any\n"},
      {"an unlisted rule is ignored upstream", "  policyTypes: [Ingress]\n  egress: [{}]\n", kK8s, "ingress allow : nobody : any\n"},
      {"an unlisted rule isolates in Cilium", "  policyTypes: [Ingress]\n  egress: [{}]\n", kCilium,
       "ingress allow : nobody : any\negress allow : any : any ? derived.np_rules_isolate_unlisted_types\n"},
  }));
  INFO(c.why);
  const Run result = run(policy(c.body), ir::settings_for(c.dialect));
  CHECK(diagnostics_text(result) == "");
  CHECK(rules_text(result) == c.rules);
}

TEST_CASE("peers and ports (policy.md 7.2, 7.3)", "[resolve]") {
  struct Case { std::string_view why, element, rules; };
  const auto c = GENERATE(values<Case>({
      {"{} allows all", "", "any : any"},
      {"from [] allows all", "from: []", "any : any"},
      {"ports [] allows all", "ports: []", "any : any"},
      {"podSelector stays in the namespace", "from: [{podSelector: {matchLabels: {app: web}}}]",
       "k8s:app=web,k8s:io.kubernetes.pod.namespace=shop : any"},
      {"podSelector {} is the namespace", "from: [{podSelector: {}}]", "k8s:io.kubernetes.pod.namespace=shop : any"},
      {"namespaceSelector {} is every pod", "from: [{namespaceSelector: {}}]", "k8s:io.kubernetes.pod.namespace : any"},
      {"namespaceSelector by label", "from: [{namespaceSelector: {matchLabels: {team: a}}}]",
       "k8s:io.cilium.k8s.namespace.labels.team=a : any"},
      {"a negative one still means pods", "from: [{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]",
       "!k8s:io.cilium.k8s.namespace.labels.team,k8s:io.kubernetes.pod.namespace : any"},
      {"both in one item are ANDed", "from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}]",
       "k8s:app=web,k8s:io.cilium.k8s.namespace.labels.team=a : any"},
      {"two items are ORed", "from: [{podSelector: {}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]",
       "k8s:io.kubernetes.pod.namespace=shop | cidr 10.0.0.0/8 except 10.1.0.0/16 : any"},
      {"protocol defaults to TCP", "ports: [{port: 80}]", "any : TCP/80"},
      {"no port is every port of it", "ports: [{protocol: UDP}]", "any : UDP"},
      {"{} is TCP", "ports: [{}]", "any : TCP"},
      {"a range", "ports: [{port: 80, endPort: 90}]", "any : TCP/80-90"},
  }));
  INFO(c.why);
  const Run result = run(policy("  ingress: [{" + std::string(c.element) + "}]\n"), ir::settings_for(ir::Dialect::K8s));
  CHECK(diagnostics_text(result) == "");
  CHECK(rules_text(result) == "ingress allow : " + std::string(c.rules) + "\n");
}

TEST_CASE("Cilium adds the cluster to the peers of a NetworkPolicy (policy.md 7.5b)", "[resolve]") {
  const Run result = run(policy("  ingress: [{from: [{podSelector: {}}]}]\n"));
  CHECK(rules_text(result) ==
        "ingress allow : k8s:io.cilium.k8s.policy.cluster=default,k8s:io.kubernetes.pod.namespace=shop : any\n");
}

TEST_CASE("what is refused in a NetworkPolicy", "[resolve]") {
  struct Case { std::string_view why, body, diagnostics; };
  const auto c = GENERATE(values<Case>({
      {"an empty peer", "  ingress: [{from: [{}]}]\n",
       "WEIR0105 5:21 a peer needs `podSelector`, `namespaceSelector` or `ipBlock` [write `podSelector: {}` for every pod of the namespace]\n"},
      {"ipBlock is alone", "  ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]\n",
       "WEIR0108 5:48 `ipBlock` excludes `podSelector` and `namespaceSelector` in one peer [give each a list item of its own]\n"},
      {"a port name that is none", "  ingress: [{ports: [{port: we--b}]}]\n",
       "WEIR0104 5:29 `we--b` is neither a port number nor a port name\n"},
      {"a quoted number", "  ingress: [{ports: [{port: \"80\"}]}]\n",
       "WEIR0104 5:29 `80` is neither a port number nor a port name [remove the quotes]\n"},
      {"endPort without port", "  ingress: [{ports: [{endPort: 80}]}]\n", "WEIR0105 5:32 `endPort` needs `port`\n"},
      {"endPort below port", "  ingress: [{ports: [{port: 80, endPort: 79}]}]\n",
       "WEIR0104 5:42 `endPort` must not be less than `port`\n"},
      {"endPort with a name", "  ingress: [{ports: [{port: web, endPort: 79}]}]\n",
       "WEIR0104 5:29 `endPort` needs a numeric `port`, not `web`\n"},
      {"port 0", "  ingress: [{ports: [{port: 0}]}]\n", "WEIR0104 5:29 `port` must be 1 to 65535, not 0\n"},
      {"a protocol", "  ingress: [{ports: [{protocol: ICMP}]}]\n",
       "WEIR0104 5:33 `protocol` must be one of `TCP`, `UDP`, `SCTP`, not `ICMP`\n"},
      {"except all of it", "  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]\n",
       "WEIR0104 5:59 `10.0.0.0/8` is not inside `10.0.0.0/8` or is all of it\n"},
      {"a bare address", "  ingress: [{from: [{ipBlock: {cidr: 10.0.0.1}}]}]\n",
       "WEIR0104 5:38 `10.0.0.1` is no CIDR [write `10.0.0.1/32`]\n"},
      {"a type in lower case", "  policyTypes: [ingress]\n",
       "WEIR0104 5:17 `policyTypes` holds `Ingress` and `Egress`, not `ingress` [write `Ingress`]\n"},
      {"a source prefix", "  podSelector: {matchLabels: {\"k8s:app\": web}}\n",
       "WEIR0104 5:31 `k8s:app` is no label key [remove the source prefix: only Cilium selectors have one]\n"},
      {"a boolean label", "  podSelector: {matchLabels: {app: true}}\n", "WEIR0103 5:36 `app` in `matchLabels` must be a string, not a boolean [quote it: \"true\"]\n"},
      {"host bits are a warning", "  ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/8}}]}]\n",
       "WEIR0112 5:38 `10.1.0.0/8` is read as `10.0.0.0/8` [write `10.0.0.0/8`, or a longer prefix if one host is meant]\n"},
  }));
  INFO(c.why);
  CHECK(diagnostics_text(run(policy(c.body))) == c.diagnostics);
}

TEST_CASE("the place of a rule is its first line", "[resolve]") {
  const Run result = run(policy("  policyTypes: [Ingress, Egress]\n  ingress:\n  - ports:\n    - port: 80\n  -\n    from: []\n"));
  REQUIRE(result.resolved.policies.rules.size() == 3);
  const auto& rules = result.resolved.policies.rules;
  CHECK(rules[0].origin.line == 7);
  CHECK(rules[1].index == 1);
  CHECK(rules[2].origin.line == 5);  // the policyTypes that isolate
}

}  // namespace
}  // namespace weir::test
