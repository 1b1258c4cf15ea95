#include <catch2/catch.hpp>

#include "ir/base/code.h"
#include "ir/eval/eval.h"
#include "tests/unit/compiler/verify/random_policies.h"
#include "tests/unit/compiler/verify/verified.h"

using namespace weir::compiler;
using namespace weir::test;

namespace {

const std::string kAllow = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: allow, namespace: shop}\nspec:\n"
                           "  podSelector: {matchLabels: {app: web}}\n  policyTypes: [Ingress, Egress]\n";
const std::string kDeny = "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec:\n"
                          "  endpointSelector: {matchLabels: {app: web}}\n";

}  // namespace

TEST_CASE("an allow that a deny takes part of its traffic from", "[verify]") {
  struct Case { std::string_view why; std::string allow, deny; bool found; std::string witness; };
  const auto c = GENERATE(values<Case>({
      {"kinds make no difference: deny beats allow (policy.md 4.3)", "  ingress:\n  - from: [{podSelector: {}}]\n",
       "  ingressDeny:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n", true,
       R"({"src":"labels:shop/app=a","dst":"labels:shop/app=web","protocol":"TCP","port":1,"direction":"ingress","verdict":"denied"})"},
      {"other ports do not meet", "  ingress:\n  - ports: [{port: 80}]\n",
       "  ingressDeny:\n  - fromEndpoints: [{}]\n    toPorts: [{ports: [{port: \"81\", protocol: TCP}]}]\n", false, ""},
      {"the deny of one port out of a range", "  ingress:\n  - ports: [{port: 80, endPort: 90}]\n",
       "  ingressDeny:\n  - fromEntities: [all]\n    toPorts: [{ports: [{port: \"85\", protocol: TCP}]}]\n", true, R"("port":85)"},
      {"another direction", "  egress:\n  - to: [{podSelector: {}}]\n", "  ingressDeny:\n  - fromEndpoints: [{}]\n", false, ""},
      {"an address inside the denied block", "  egress:\n  - to: [{ipBlock: {cidr: 10.0.0.0/8}}]\n",
       "  egressDeny:\n  - toCIDR: [10.1.0.0/16]\n", true, R"("dst":"ip:10.1.0.1")"},
      {"an address that the block excepts", "  egress:\n  - to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]\n",
       "  egressDeny:\n  - toCIDR: [10.1.0.0/16]\n", false, ""},
      {"labels that one pod can have both of", "  ingress:\n  - from: [{podSelector: {matchLabels: {app: a}}}]\n",
       "  ingressDeny:\n  - fromEndpoints: [{matchLabels: {legacy: \"true\"}}]\n", true, R"("src":"labels:shop/app=a,legacy=true")"},
      {"labels that no pod has both of", "  ingress:\n  - from: [{podSelector: {matchLabels: {app: a}}}]\n",
       "  ingressDeny:\n  - fromEndpoints: [{matchLabels: {app: b}}]\n", false, ""}}));
  INFO(c.why);
  const Verified run = verified(kAllow + c.allow + kDeny + c.deny);
  CHECK_FALSE(run.diagnostics.has_errors());
  const Diagnostic* found = run.find("WEIR0202");
  REQUIRE((found != nullptr) == c.found);
  if (!found) return;
  CHECK(found->witness.find(c.witness) != std::string::npos);
  REQUIRE(found->labels.size() == 1);
  CHECK(found->labels[0].span.line > found->primary.line);
}

TEST_CASE("a conflict is told exactly when an evaluator's sample can show one", "[verify]") {
  int told = 0, shown = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomPolicies random(seed, RandomParts{.auth = seed % 3 == 1, .l7 = seed % 3 == 2});
    Cluster cluster = random.cluster();
    cluster.settings.enforcement = Enforcement::Default;
    const PolicySet policies = random.policies(8);
    Files files;
    files.add({"test.yaml", nullptr});
    Diagnostics diagnostics;
    const VerifyReport report = verify(policies, cluster, {}, files, {}, diagnostics);
    std::vector<bool> reported(policies.rules.size());
    for (const Diagnostic& diagnostic : diagnostics.list()) reported[diagnostic.primary.line - 1] = true;
    for (const Diagnostic& diagnostic : diagnostics.list()) told += diagnostic.kind == Code::AllowContradicted;
    for (int n = 0; n < 200; ++n) {
      const Flow flow = random.flow(cluster);
      for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
        const SideDecision side = decide_side(policies, cluster, flow, direction);
        if (side.reason != DropReason::PolicyDeny || side.default_rule != DefaultRule::None) continue;
        // Every allow that would have let it pass must have been told of, as a conflict or as shadowed.
        PolicySet allows;
        std::vector<std::uint32_t> ids;
        for (std::uint32_t i = 0; i < policies.rules.size(); ++i)
          if (policies.rules[i].action == Action::Allow) {
            allows.rules.push_back(policies.rules[i]);
            ids.push_back(i);
          }
        const SideDecision would = decide_side(allows, cluster, flow, direction);
        if (would.verdict != Verdict::Allowed) continue;
        for (const RuleId id : would.decided_by) {
          INFO("seed " << seed << " rule " << ids[id.index] << ": " << to_text(flow));
          REQUIRE(reported[ids[id.index]]);
          ++shown;
        }
      }
    }
  }
  CHECK(told > 50);
  CHECK(shown > 200);
}
