// WEIR0205, 0206, 0207 and 0209 from manifests: what is told, and what is not.
#include <catch2/catch.hpp>

#include "tests/unit/compiler/verify/verified.h"

using namespace weir;
using namespace weir::test;

namespace {

using Found = std::vector<std::string>;

struct Case {
  std::string_view why;
  std::string rules;
  Found found;
};

const std::string kHead = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n"
                          "  endpointSelector: {matchLabels: {app: web}}\n";

/// An AdminNetworkPolicy of 8 lines, of which the last has its rules.
std::string admin(const std::string& name, int priority, const std::string& subject, const std::string& rules) {
  return "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: " + name + "}\nspec:\n  priority: " +
         std::to_string(priority) + "\n  subject: {namespaces: " + subject + "}\n  ingress:\n" + rules + "---\n";
}

std::string baseline(const std::string& subject, const std::string& rules) {
  return "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\nspec:\n"
         "  subject: {namespaces: " + subject + "}\n  ingress:\n" + rules + "---\n";
}

std::string rule(const std::string& action, const std::string& peer) {
  return "  - {action: " + action + ", from: [{namespaces: " + peer + "}]}\n";
}

const std::string kShop = "{matchLabels: {team: shop}}", kDev = "{matchLabels: {team: dev}}", kAll = "{}";

ir::Settings upstream() { return ir::settings_for(ir::Dialect::K8s); }

}  // namespace

TEST_CASE("ports that change nothing", "[verify]") {
  const std::string from = "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts:\n";
  const auto c = GENERATE_COPY(values<Case>({
      {"a port inside a range", from + "    - ports: [{port: \"80\", endPort: 90, protocol: TCP}, {port: \"85\", protocol: TCP}]\n", {"WEIR0205:7"}},
      {"two ranges that overlap in part", from + "    - ports: [{port: \"80\", endPort: 90, protocol: TCP}, {port: \"85\", endPort: 95, protocol: TCP}]\n", {}},
      {"two ranges together cover a third",
       from + "    - ports: [{port: \"80\", endPort: 90, protocol: TCP}, {port: \"91\", endPort: 99, protocol: TCP}, {port: \"85\", endPort: 95, protocol: TCP}]\n",
       {"WEIR0205:7"}},
      {"another protocol", from + "    - ports: [{port: \"80\", endPort: 90, protocol: TCP}, {port: \"85\", protocol: UDP}]\n", {}},
      {"every port of TCP", from + "    - ports: [{port: \"0\", protocol: TCP}, {port: \"85\", protocol: TCP}]\n", {"WEIR0205:7"}},
      {"in two port rules of one element", from + "    - ports: [{port: \"80\", endPort: 90, protocol: TCP}]\n    - ports: [{port: \"85\", protocol: TCP}]\n",
       {"WEIR0205:7"}},
      {"with requests of its own it is another rule",
       from + "    - ports: [{port: \"80\", endPort: 90, protocol: TCP}]\n    - ports: [{port: \"85\", protocol: TCP}]\n      rules: {http: [{path: /a}]}\n", {}},
      {"ICMP type 0 is every type", "  ingress:\n  - icmps: [{fields: [{type: 0}, {type: 8}]}]\n", {"WEIR0205:7"}}}));
  INFO(c.why);
  const Verified run = verified(kHead + c.rules);
  CHECK_FALSE(run.diagnostics.has_errors());
  CHECK(run.findings() == c.found);
}

TEST_CASE("the edit for ports names what to delete", "[verify]") {
  const Verified run = verified(kHead + "  ingress:\n  - toPorts: [{ports: [{port: \"80\", endPort: 90, protocol: TCP}, {port: \"85\", protocol: TCP}]}]\n");
  const ir::Diagnostic* found = run.find("WEIR0205");
  REQUIRE(found);
  CHECK(found->fix == "delete `TCP/85`");
  CHECK(found->witness.find("\"port\":85") != std::string::npos);
}

TEST_CASE("priorities that tie", "[verify]") {
  const auto c = GENERATE_COPY(values<Case>({
      {"deny and allow", admin("a", 5, kShop, rule("Deny", kDev)) + admin("b", 5, kAll, rule("Allow", kDev)), {"WEIR0206:17"}},
      {"the same action", admin("a", 5, kShop, rule("Deny", kDev)) + admin("b", 5, kAll, rule("Deny", kDev)), {"WEIR0203:8"}},
      {"another priority", admin("a", 5, kShop, rule("Deny", kDev)) + admin("b", 6, kAll, rule("Allow", kDev)), {"WEIR0202:17"}},
      {"peers that never meet", admin("a", 5, kShop, rule("Deny", kDev)) + admin("b", 5, kShop, rule("Allow", kShop)), {}},
      {"deny and pass", admin("a", 5, kShop, rule("Deny", kDev)) + admin("b", 5, kAll, rule("Pass", kDev)), {"WEIR0206:17"}},
      {"both after a pass of everything",
       admin("a", 5, kShop, rule("Deny", kDev)) + admin("b", 5, kAll, rule("Allow", kDev)) + admin("c", 1, kAll, rule("Pass", kAll)), {"WEIR0207:26"}}}));
  INFO(c.why);
  const Verified run = verified(c.rules, "", upstream());
  CHECK_FALSE(run.diagnostics.has_errors());
  CHECK(run.findings() == c.found);
}

TEST_CASE("tiers that nothing reaches", "[verify]") {
  const std::string isolate = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: shop}\nspec: {podSelector: {}}\n---\n";
  const std::string in_shop = "{matchLabels: {kubernetes.io/metadata.name: shop}}", in_dev = "{matchLabels: {kubernetes.io/metadata.name: dev}}";
  const auto c = GENERATE_COPY(values<Case>({
      {"a pass before two rules", admin("a", 1, kAll, rule("Pass", kAll)) + admin("b", 2, kShop, rule("Deny", kDev) + rule("Deny", kShop)), {"WEIR0207:8"}},
      {"a pass before one rule is told at the rule", admin("a", 1, kAll, rule("Pass", kAll)) + admin("b", 2, kShop, rule("Deny", kDev)), {"WEIR0201:17"}},
      {"a pass that leaves a part", admin("a", 1, kShop, rule("Pass", kAll)) + admin("b", 2, kAll, rule("Deny", kDev) + rule("Deny", kShop)), {}},
      {"an allow of everything ends the Baseline tier", admin("a", 1, kAll, rule("Allow", kAll)) + baseline(kShop, rule("Deny", kDev)), {"WEIR0207:8"}},
      {"a pass does not end a later tier", admin("a", 1, kAll, rule("Pass", kAll)) + baseline(kShop, rule("Deny", kDev)), {}},
      {"a pass before the allow keeps the Baseline tier alive",
       admin("a", 0, kAll, rule("Pass", kDev)) + admin("b", 1, kAll, rule("Allow", kAll)) + baseline(kShop, rule("Deny", kDev)), {}},
      {"isolated pods have no Baseline tier", isolate + baseline(in_shop, rule("Deny", kDev)), {"WEIR0207:12"}},
      {"pods of another namespace have one", isolate + baseline(in_dev, rule("Deny", kDev)), {}}}));
  INFO(c.why);
  const Verified run = verified(c.rules, "", upstream());
  CHECK_FALSE(run.diagnostics.has_errors());
  CHECK(run.findings() == c.found);
  CHECK(run.report.undecided.empty());
}

TEST_CASE("an authentication that another allow replaces", "[verify]") {
  const std::string broad = "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n    authentication: {mode: required}\n";
  const std::string narrow = "  - fromEndpoints: [{matchLabels: {app: a}}]\n    toPorts: [{ports: [{port: \"90\", protocol: TCP}]}]\n";
  const auto c = GENERATE_COPY(values<Case>({
      {"the narrow one switches it off", broad + narrow + "    authentication: {mode: disabled}\n", {"WEIR0209:7"}},
      {"the narrow one says nothing and inherits it", broad + narrow, {"WEIR0203:9"}},
      {"the same mode", broad + narrow + "    authentication: {mode: required}\n", {}},
      {"another peer", broad + "  - fromEndpoints: [{matchLabels: {app: b}}]\n    authentication: {mode: disabled}\n", {}}}));
  INFO(c.why);
  const Verified run = verified(kHead + c.rules);
  CHECK_FALSE(run.diagnostics.has_errors());
  Found found = run.findings();
  std::erase_if(found, [](const std::string& one) { return one.starts_with("WEIR0203"); });
  Found wanted = c.found;
  std::erase_if(wanted, [](const std::string& one) { return one.starts_with("WEIR0203"); });
  CHECK(found == wanted);
}
