// `weir diff` from manifests: changes of today's pods, of any pods, and relations.
#include "compiler/verify/policy_diff.h"

#include <catch2/catch.hpp>

#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "ir/eval/eval.h"

using namespace weir;
using namespace weir::compiler;

namespace {

constexpr const char* kInventory = R"(apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {nodeName: n1, containers: [{name: c, image: x}]}
status: {podIP: 10.0.1.1, podIPs: [{ip: 10.0.1.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db-1, namespace: shop, labels: {app: db}}
spec: {nodeName: n1, containers: [{name: c, image: x}]}
status: {podIP: 10.0.1.2, podIPs: [{ip: 10.0.1.2}]}
---
)";

struct Side {
  ir::Files files;
  Resolved resolved;
  [[nodiscard]] DiffSide side() const { return {resolved.policies, resolved.cluster}; }
};

/// The inventory and one policy for app=db whose ingress is this.
Side with(const std::string& ingress, const std::string& more = "") {
  Side out;
  ir::Diagnostics diagnostics;
  const std::string policy = ingress.empty() ? "" : "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: db, namespace: shop}\nspec: {endpointSelector: {matchLabels: {app: db}}, ingress: [" + ingress + "]}\n---\n";
  const auto sources = read_text("t.yaml", kInventory + policy + more, {}, out.files, diagnostics);
  const Objects objects = read(sources, out.files, diagnostics);
  out.resolved = resolve(objects, ir::settings_for(ir::Dialect::Cilium120), out.files, diagnostics, Lints::No);
  REQUIRE_FALSE(diagnostics.has(ir::Effect::Invalid));
  return out;
}

const std::string kWeb = "{fromEndpoints: [{matchLabels: {app: web}}]}";
const std::string kWeb80 = "{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}";
const std::string kWeb81 = "{fromEndpoints: [{matchLabels: {app: web}}], toPorts: [{ports: [{port: \"81\", protocol: TCP}]}]}";

ProofStatus answer(Relation asked, const Side& before, const Side& after) {
  return relation(asked, before.side(), after.side(), {}).status;
}

}  // namespace

TEST_CASE("a change is listed with its ports, and a connection that the evaluator confirms", "[verify][diff]") {
  const Side before = with(kWeb80), after = with(kWeb81);
  const PolicyDiff diff = diff_policies(before.side(), after.side(), {});
  REQUIRE(diff.today->changes.size() == 1);
  const TodayChange& change = diff.today->changes.front();
  CHECK(change.source == "shop/web-1[Pod]");
  CHECK(change.destination == "shop/db-1[Pod]");
  CHECK(ir::contains(change.before.ports, {ir::Protocol::Tcp, 80}));
  CHECK(ir::contains(change.after.ports, {ir::Protocol::Tcp, 81}));
  REQUIRE(change.flow);
  CHECK(ir::decide(before.resolved.policies, before.resolved.cluster, *change.flow_before).verdict != ir::decide(after.resolved.policies, after.resolved.cluster, *change.flow).verdict);
  CHECK(diff.complete());
  CHECK(diff.any->found.size() == 2);
  CHECK(diff_policies(before.side(), before.side(), {}).equal());
}

TEST_CASE("a pod of one inventory alone is said to be new or gone", "[verify][diff]") {
  const Side before = with(kWeb80);
  const Side after = with(kWeb80, "apiVersion: v1\nkind: Pod\nmetadata: {name: web-2, namespace: shop, labels: {app: web}}\nspec: {containers: [{name: c, image: x}]}\n");
  const PolicyDiff diff = diff_policies(before.side(), after.side(), {});
  REQUIRE_FALSE(diff.today->changes.empty());
  for (const TodayChange& change : diff.today->changes) CHECK(change.only == "after");
  CHECK(diff.any->found.empty());
}

TEST_CASE("relations of what two sets let pass", "[verify][diff]") {
  const Side narrow = with(kWeb80), wide = with(kWeb), other = with(kWeb81), none = with("");
  CHECK(answer(Relation::Equivalent, narrow, narrow) == ProofStatus::Holds);
  CHECK(answer(Relation::Equivalent, narrow, wide) == ProofStatus::Violated);
  CHECK(answer(Relation::Contains, narrow, wide) == ProofStatus::Holds);
  CHECK(answer(Relation::Contains, wide, narrow) == ProofStatus::Violated);
  CHECK(answer(Relation::Contained, wide, narrow) == ProofStatus::Holds);
  CHECK(answer(Relation::Contained, narrow, wide) == ProofStatus::Violated);
  // Pods that no policy selects talk in any case.
  CHECK(answer(Relation::Disjoint, narrow, other) == ProofStatus::Violated);
  CHECK(answer(Relation::Interferes, narrow, other) == ProofStatus::Holds);
  CHECK(answer(Relation::Interferes, wide, narrow) == ProofStatus::Violated);
  // Without a policy nothing is denied, but no rule of the second set says so.
  CHECK(answer(Relation::Contained, narrow, none) == ProofStatus::Violated);
  CHECK(answer(Relation::Interferes, narrow, none) == ProofStatus::Violated);
}

TEST_CASE("two sets that let nothing pass together are disjoint", "[verify][diff]") {
  const auto closed = [](const std::string& port) {
    return with("", "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: all}\nspec: {endpointSelector: {}, ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: \"" +
                        port + "\", protocol: TCP}]}]}], egress: [{toEndpoints: [{}], toPorts: [{ports: [{port: \"" + port + "\", protocol: TCP}]}]}]}\n");
  };
  const Side a = closed("80"), b = closed("81");
  CHECK_FALSE(common_connection(a.side(), b.side()));
  CHECK(common_connection(a.side(), a.side()));
}

TEST_CASE("names of relations", "[verify][diff]") {
  for (const Relation one : {Relation::Equivalent, Relation::Contains, Relation::Contained, Relation::Disjoint, Relation::Interferes})
    CHECK(parse_relation(to_text(one)) == one);
  CHECK_FALSE(parse_relation("equal"));
}
