#include <catch2/catch.hpp>

#include "compiler/verify/dialect_diff.h"
#include "tests/unit/compiler/verify/verified.h"

using namespace weir::compiler;
using namespace weir::ir;
using weir::compiler::to_text;

namespace {

struct Compared {
  Files files;
  Diagnostics diagnostics;
  DialectDiff diff;
};

Compared compare(const std::string& yaml, Settings from, Settings to) {
  Compared run;
  const auto sources = read_text("test.yaml", yaml, {}, run.files, run.diagnostics);
  const Objects objects = read(sources, run.files, run.diagnostics);
  REQUIRE_FALSE(run.diagnostics.has_errors());
  run.diff = diff_dialects(objects.policies, from, to, [&](const Settings& settings) {
    DialectWorld world;
    Resolved resolved = resolve(objects, settings, run.files, world.diagnostics);
    world.cluster = std::move(resolved.cluster);
    world.policies = std::move(resolved.policies);
    return world;
  });
  return run;
}

Compared compare(const std::string& yaml, Dialect from, Dialect to) {
  return compare(yaml, settings_for(from), settings_for(to));
}

std::string policy(const std::string& spec) {
  return "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec:\n"
         "  endpointSelector: {matchLabels: {app: web}}\n" + spec;
}

const std::string kTwoNumbers =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop, labels: {app: a}}\n"
    "spec: {containers: [{name: c, image: c, ports: [{name: http, containerPort: 8080}]}]}\nstatus: {podIP: 10.0.0.1}\n---\n"
    "apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop, labels: {app: b}}\n"
    "spec: {containers: [{name: c, image: c, ports: [{name: http, containerPort: 9090}]}]}\nstatus: {podIP: 10.0.0.2}\n---\n";

}  // namespace

TEST_CASE("an upgrade lists the policies that mean something else", "[dialects]") {
  struct Case { std::string_view why; std::string yaml; Dialect from, to; DialectChange change; std::string item; bool witness; };
  const auto c = GENERATE(values<Case>({
      {"selectors without a cluster label", policy("  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n"),
       Dialect::Cilium118, Dialect::Cilium119, DialectChange::Rules, "2.4c", true},
      {"a pattern that begins with two stars",
       policy("  egress:\n  - toEntities: [world]\n    toPorts: [{ports: [{port: \"53\", protocol: UDP}], rules: {dns: [{matchPattern: \"**.example.com\"}]}}]\n"),
       Dialect::Cilium118, Dialect::Cilium119, DialectChange::Verdicts, "5.5", true},
      {"a named port with two numbers",
       kTwoNumbers + policy("  egress:\n  - toEntities: [cluster]\n    toPorts: [{ports: [{port: http, protocol: TCP}]}]\n"),
       Dialect::Cilium119, Dialect::Cilium120, DialectChange::Rules, "3.8", true},
      {"requirements", policy("  ingress:\n  - fromRequires: [{matchLabels: {a: b}}]\n  - fromEntities: [world]\n"),
       Dialect::Cilium118, Dialect::Cilium119, DialectChange::Refused, "3.4", false},
      {"rules for kafka",
       policy("  ingress:\n  - fromEntities: [world]\n    toPorts: [{ports: [{port: \"9092\", protocol: TCP}], rules: {kafka: [{role: produce}]}}]\n"),
       Dialect::Cilium119, Dialect::Cilium120, DialectChange::Refused, "3.5", false},
      {"an entity of 1.20", policy("  ingress:\n  - fromEntities: [cluster-mesh]\n"), Dialect::Cilium119, Dialect::Cilium120,
       DialectChange::Accepted, "2.7", false}}));
  INFO(c.why);
  const Compared run = compare(c.yaml, c.from, c.to);
  CHECK(run.diff.refused.empty());
  REQUIRE(run.diff.changes.size() == 1);
  const PolicyChange& change = run.diff.changes[0];
  CHECK(to_text(change.change) == to_text(c.change));
  REQUIRE_FALSE(change.reasons.empty());
  CHECK(std::any_of(change.reasons.begin(), change.reasons.end(), [&](const auto& reason) { return reason.item == c.item; }));
  REQUIRE(change.witness.has_value() == c.witness);
  if (c.witness) CHECK(change.witness->from != change.witness->to);
  // Nothing changes without an upgrade.
  CHECK(compare(c.yaml, c.to, c.to).diff.changes.empty());
}

TEST_CASE("the witness of the local cluster's default is a pod of another cluster", "[dialects]") {
  const Compared run = compare(policy("  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n"), Dialect::Cilium118, Dialect::Cilium120);
  REQUIRE(run.diff.changes.size() == 1);
  const PolicyChange& change = run.diff.changes[0];
  REQUIRE(change.witness);
  CHECK(change.witness->source == "labels:shop/app=a");
  CHECK(change.witness->from == Verdict::Allowed);
  CHECK(change.witness->to == Verdict::Denied);
  REQUIRE(change.witness->given.size() == 1);
  CHECK(change.witness->given[0].find("cluster `other`") != std::string::npos);
  // The reason is that setting alone, not the dialect.
  REQUIRE(change.reasons.size() == 1);
  CHECK(change.reasons[0].key == "default_local_cluster");
  REQUIRE(change.elements.size() == 1);
  CHECK(change.elements[0].from.size() == 1);
  CHECK(change.elements[0].to.size() == 1);
}

TEST_CASE("what an upgrade leaves alone is not listed", "[dialects]") {
  for (const char* spec : {"  ingress:\n  - fromEntities: [world]\n", "  egress:\n  - toCIDR: [10.0.0.0/8]\n",
                           "  ingress:\n  - fromEndpoints: [{matchLabels: {app: a, io.cilium.k8s.policy.cluster: x}}]\n",
                           "  ingress:\n  - {}\n"})
    CHECK(compare(policy(spec), Dialect::Cilium118, Dialect::Cilium120).diff.changes.empty());
  // A setting that stays through the upgrade changes nothing.
  Settings kept = settings_for(Dialect::Cilium120);
  kept.default_local_cluster = false;
  const std::string peers = policy("  ingress:\n  - fromEndpoints: [{matchLabels: {app: a}}]\n");
  CHECK(compare(peers, settings_for(Dialect::Cilium118), kept).diff.changes.empty());
}

TEST_CASE("what both dialects refuse is no answer", "[dialects]") {
  const Compared run = compare(policy("  ingress:\n  - fromEntities: [cluster-mesh]\n"), Dialect::Cilium118, Dialect::Cilium119);
  CHECK(run.diff.changes.empty());
  CHECK_FALSE(run.diff.refused.empty());
}
