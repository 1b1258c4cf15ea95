#include <catch2/catch.hpp>
#include <ctime>
#include <set>

#include "compiler/verify/checks.h"
#include "ir/base/code.h"
#include "tests/unit/compiler/verify/random_policies.h"
#include "tests/unit/compiler/verify/verified.h"

using namespace weir::compiler;
using namespace weir::test;

namespace {

const std::string kHead = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n"
                          "  endpointSelector: {matchLabels: {app: web}}\n";

using Found = std::vector<std::string>;

VerifyReport verify_set(const PolicySet& policies, const Cluster& cluster, Diagnostics& diagnostics) {
  Files files;
  files.add({"test.yaml", nullptr});
  return verify(policies, cluster, {}, files, {}, diagnostics);
}

/// The lines of rules that may be taken away, and of those that decide nothing.
struct Told {
  std::set<std::uint32_t> gone, idle;
};

Told told_of(const Diagnostics& diagnostics) {
  Told told;
  for (const Diagnostic& found : diagnostics.list()) {
    if (found.kind == Code::RuleRedundant) told.gone.insert(found.primary.line);
    if (found.kind == Code::RuleShadowed || found.kind == Code::RuleVacuous) told.idle.insert(found.primary.line);
    if (found.kind != Code::DeadTier) continue;
    for (const DiagnosticLabel& label : found.labels)
      if (label.text == "never asked") told.idle.insert(label.span.line);
  }
  return told;
}

/// 5,000 rules of 100 namespaces, each with its own pair of workloads; one in fifty is a copy.
PolicySet many_rules() {
  PolicySet set;
  set.policies.push_back({"CiliumNetworkPolicy", "ns", "p", {}});
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const std::uint32_t n = i % 50 == 49 ? i - 1 : i;
    Rule rule;
    rule.subject.add(equals("k8s", kNamespaceKey, "ns" + std::to_string(n % 100 / 2)));
    rule.subject.add(equals("any", "app", "app" + std::to_string(n)));
    Selector peer = rule.subject;
    peer.add(equals("k8s", kClusterKey, "default"));
    rule.peers = std::vector<Peer>{SelectorPeer{peer}};
    rule.ports = std::vector<PortMatch>{{Protocol::Tcp, {std::uint16_t(n), std::uint16_t(n)}}};
    rule.index = i;
    rule.origin = {FileId{0}, i + 1, 1, i + 1, 2};
    set.rules.push_back(rule);
  }
  return set;
}

}  // namespace

TEST_CASE("rules that can never decide", "[verify]") {
  struct Case { std::string_view why; std::string rules; Found found; };
  const auto c = GENERATE(values<Case>({
      {"a narrow allow inside a broad one",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n  - fromEndpoints: [{}]\n", {"WEIR0203:7"}},
      {"two that only overlap are both needed",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n  - fromEndpoints: [{matchLabels: {tier: b}}]\n", {}},
      {"of two equal ones the later is told",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n  - fromEndpoints: [{matchLabels: {app: a}}]\n", {"WEIR0203:8"}},
      {"two port ranges together cover a third",
       "  ingress:\n  - fromEndpoints: [{}]\n    toPorts: [{ports: [{port: \"80\", endPort: 90, protocol: TCP}]}]\n"
       "  - fromEndpoints: [{}]\n    toPorts: [{ports: [{port: \"91\", endPort: 99, protocol: TCP}]}]\n"
       "  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts: [{ports: [{port: \"85\", endPort: 95, protocol: TCP}]}]\n",
       {"WEIR0203:11"}},
      {"exists and does-not-exist together cover everything",
       "  ingress:\n  - fromEndpoints: [{matchExpressions: [{key: x, operator: Exists}]}]\n"
       "  - fromEndpoints: [{matchExpressions: [{key: x, operator: DoesNotExist}]}]\n  - fromEndpoints: [{matchLabels: {app: a}}]\n",
       {"WEIR0203:9"}},
      {"In and NotIn of different values leave a gap",
       "  ingress:\n  - fromEndpoints: [{matchExpressions: [{key: x, operator: In, values: [a]}]}]\n"
       "  - fromEndpoints: [{matchExpressions: [{key: x, operator: NotIn, values: [a, b]}]}]\n  - fromEndpoints: [{matchLabels: {app: a}}]\n",
       {}},
      {"a deny takes all of an allow: told once, as shadowed",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n  ingressDeny:\n  - fromEndpoints: [{}]\n", {"WEIR0201:7"}},
      {"a deny takes a part: a conflict, not a shadow",
       "  ingress:\n  - fromEndpoints: [{}]\n  ingressDeny:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n", {"WEIR0202:7"}},
      {"a narrow deny inside a broad deny",
       "  ingressDeny:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n  - fromEndpoints: [{}]\n", {"WEIR0203:7"}},
      {"a CIDR inside another",
       "  egress:\n  - toCIDR: [10.1.0.0/16]\n  - toCIDR: [10.0.0.0/8]\n", {"WEIR0203:7"}},
      {"an except leaves it needed",
       "  egress:\n  - toCIDR: [10.1.0.0/16]\n  - toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.2.0/24]}]\n", {}},
      {"two halves cover a CIDR",
       "  egress:\n  - toCIDR: [10.0.0.0/9, 10.128.0.0/9]\n  - toCIDR: [10.0.0.0/8]\n", {"WEIR0203:7"}},
      {"a CIDR is no pod: the entity all covers it, the cluster does not",
       "  egress:\n  - toEntities: [cluster]\n  - toCIDR: [10.0.0.0/8]\n", {}},
      {"directions are apart",
       "  ingress:\n  - fromEndpoints: [{}]\n  egress:\n  - toEndpoints: [{}]\n", {}},
      {"a selector that excludes itself",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}, matchExpressions: [{key: app, operator: NotIn, values: [a]}]}]\n",
       {"WEIR0204:7"}},
      {"an empty element isolates on purpose", "  ingress:\n  - {}\n", {}},
      {"an empty peer list selects nobody on purpose", "  ingress:\n  - fromEndpoints: []\n", {}},
      {"TCP on a port and ANY on it",
       "  ingress:\n  - fromEndpoints: [{}]\n    toPorts: [{ports: [{port: \"53\", protocol: UDP}]}]\n"
       "  - fromEndpoints: [{}]\n    toPorts: [{ports: [{port: \"53\"}]}]\n", {"WEIR0203:7"}},
      {"a plain allow and one with request rules are told by another check",
       "  ingress:\n  - fromEndpoints: [{}]\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{path: /a}]}}]\n"
       "  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n", {}},
      {"a deny takes all of an element with two port rules: told once",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts:\n"
       "    - {ports: [{port: \"80\", protocol: TCP}], rules: {http: [{path: /a}]}}\n    - {ports: [{port: \"81\", protocol: TCP}]}\n"
       "  ingressDeny:\n  - fromEndpoints: [{}]\n", {"WEIR0201:7"}},
      {"a deny takes one of two port rules: a conflict",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts:\n"
       "    - {ports: [{port: \"80\", protocol: TCP}], rules: {http: [{path: /a}]}}\n    - {ports: [{port: \"81\", protocol: TCP}]}\n"
       "  ingressDeny:\n  - fromEndpoints: [{}]\n    toPorts: [{ports: [{port: \"81\", protocol: TCP}]}]\n", {"WEIR0202:7"}},
      {"an allow that asks for authentication is not the plain one",
       "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    authentication: {mode: required}\n  - fromEndpoints: [{}]\n", {}},
      {"the outside covers every name",
       "  egress:\n  - toFQDNs: [{matchName: a.example.com}]\n    toPorts: [{ports: [{port: \"443\", protocol: TCP}]}]\n"
       "  - toEntities: [world]\n    toPorts: [{ports: [{port: \"443\", protocol: TCP}]}]\n", {"WEIR0203:7"}},
      {"no name covers an address",
       "  egress:\n  - toCIDR: [192.0.2.0/24]\n    toPorts: [{ports: [{port: \"443\", protocol: TCP}]}]\n"
       "  - toFQDNs: [{matchPattern: \"*\"}]\n    toPorts: [{ports: [{port: \"443\", protocol: TCP}]}]\n", {}},
      {"all ports of TCP do not cover ICMP",
       "  ingress:\n  - fromEndpoints: [{}]\n    icmps: [{fields: [{type: 8}]}]\n"
       "  - fromEndpoints: [{}]\n    toPorts: [{ports: [{port: \"0\", protocol: TCP}]}]\n", {}}}));
  INFO(c.why);
  const Verified run = verified(kHead + c.rules);
  CHECK_FALSE(run.diagnostics.has_errors());
  CHECK(run.findings() == c.found);
  CHECK(run.report.undecided.empty());
}

TEST_CASE("without isolation of its own an allow does not replace one that isolates", "[verify]") {
  const std::string isolating = kHead + "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n---\n";
  const std::string joining = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: q, namespace: shop}\nspec:\n"
                              "  endpointSelector: {}\n  enableDefaultDeny: {ingress: false}\n  ingress:\n  - fromEndpoints: [{}]\n";
  CHECK(verified(isolating + joining).findings().empty());
  // With enforcement always nobody needs to be isolated.
  Settings always;
  always.enforcement = Enforcement::Always;
  CHECK(verified(isolating + joining, "", always).findings() == Found{"WEIR0203:7"});
}

TEST_CASE("a shadowed rule names who covers it and shows a connection", "[verify]") {
  const Verified run = verified(kHead + "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]\n"
                                        "  - fromEndpoints: [{}]\n");
  const Diagnostic* found = run.find("WEIR0203");
  REQUIRE(found);
  CHECK(found->detail == "the allow `CiliumNetworkPolicy shop/p ingress[0]` changes no verdict: "
                         "`CiliumNetworkPolicy shop/p ingress[1]` matches all of it too");
  REQUIRE(found->labels.size() == 1);
  CHECK(found->labels[0].span.line == 9);
  CHECK(found->witness == R"({"src":"labels:shop/app=a","dst":"labels:shop/app=web","protocol":"TCP","port":80,)"
                          R"("direction":"ingress","verdict":"allowed"})");
}

TEST_CASE("where nothing is enforced no rule is called idle", "[verify]") {
  Settings never;
  never.enforcement = Enforcement::Never;
  CHECK(verified(kHead + "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n  - fromEndpoints: [{}]\n", "", never).findings().empty());
}

TEST_CASE("all reported rules together can be taken away", "[verify]") {
  int reported = 0, kept = 0;
  for (unsigned seed = 0; seed < 800; ++seed) {
    RandomParts parts{.tiers = seed % 4 == 3};
    if (seed >= 400) parts = {seed % 4 == 3, seed % 2 == 1, seed % 3 == 1, seed % 5 < 2, seed % 5 > 2, seed % 7 == 0};
    RandomPolicies random(seed, parts);
    const Cluster cluster = random.cluster();
    const PolicySet policies = random.policies(8);
    Diagnostics diagnostics;
    const VerifyReport report = verify_set(policies, cluster, diagnostics);
    const Told told = told_of(diagnostics);
    PolicySet rest;
    for (std::uint32_t i = 0; i < policies.rules.size(); ++i) {
      const bool idle = told.idle.count(i + 1) != 0, gone = told.gone.count(i + 1) != 0;
      (idle || gone ? reported : kept) += 1;
      if (!gone) rest.rules.push_back(policies.rules[i]);
      // What never decides may still isolate; what changes no verdict may go.
      if (idle && !gone) rest.rules.back().peers.emplace();
    }
    for (int n = 0; n < 200; ++n) {
      Flow flow = random.flow(cluster);
      if (parts.l7 && n % 2) flow.request = random.request(flow);
      INFO("seed " << seed << ": " << to_text(flow.source.labels) << " " << to_text(flow.destination.labels) << " " << to_text(flow));
      INFO(to_text(policies));
      REQUIRE(decide(rest, cluster, flow).verdict == decide(policies, cluster, flow).verdict);
    }
  }
  CHECK(reported > 100);
  CHECK(kept > 100);
}

TEST_CASE("five thousand simple rules take well under a second", "[verify]") {
  const PolicySet policies = many_rules();
  Diagnostics diagnostics;
  const std::clock_t start = std::clock();
  const VerifyReport report = verify_set(policies, Cluster{}, diagnostics);
  const double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
  INFO(seconds << " s of processor time");
  CHECK(report.undecided.empty());
  CHECK(diagnostics.list().size() == 100);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(seconds < 1.0);
#endif
}
