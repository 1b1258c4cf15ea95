#include "simulator/replay/whatif.h"

#include "tests/unit/simulator/replay/replay_text.h"

using namespace weir;
using namespace weir::simulator;
using test::db_takes;
using test::kPods;

namespace {

compiler::Objects objects_of(const std::string& text) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  const compiler::Sources sources = compiler::read_text("given.yaml", text, {}, files, diagnostics);
  compiler::Objects objects = compiler::read(sources, files, diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  return objects;
}

const std::string kWide = R"(
---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: no-world}
spec: {endpointSelector: {}, egressDeny: [{toEntities: [world]}]}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: db, namespace: shop}
spec: {endpointSelector: {matchLabels: {app: db}}, ingress: [{}]}
)";

std::size_t policies(const compiler::Objects& objects) {
  return objects.policies.network_policies.size() + objects.policies.cilium_network_policies.size() + objects.policies.admin_policies.size();
}

}  // namespace

TEST_CASE("a policy goes by its name", "[replay]") {
  const compiler::Objects given = objects_of(kPods + db_takes(80) + kWide);
  REQUIRE(policies(given) == 3);
  struct Case { std::string why; std::vector<std::string> names; std::size_t left; };
  const auto c = GENERATE(values<Case>({
      {"both kinds of one name", {"shop/db"}, 1},
      {"one kind of it", {"NetworkPolicy/shop/db"}, 2},
      {"the other kind", {"CiliumNetworkPolicy/shop/db"}, 2},
      {"cluster-wide with a slash", {"/no-world"}, 2},
      {"cluster-wide without", {"no-world"}, 2},
      {"cluster-wide by kind", {"CiliumClusterwideNetworkPolicy/no-world"}, 2},
      {"several", {"no-world", "shop/db"}, 0}}));
  INFO(c.why);
  Remarks remarks;
  const auto changed = apply({c.names, {}, {}, {}}, given, remarks);
  REQUIRE(changed);
  CHECK(policies(*changed) == c.left);
}

TEST_CASE("a name that is not there is a wrong question", "[replay]") {
  struct Case { std::string why; WhatIf change; std::string message; };
  const auto c = GENERATE(values<Case>({
      {"a typo", {{"shop/bd"}, {}, {}, {}}, "`--without shop/bd`: the input has no policy of that name; did you mean `shop/db`?"},
      {"a cluster-wide typo", {{"no-wolrd"}, {}, {}, {}}, "`--without no-wolrd`: the input has no policy of that name; did you mean `no-world`?"},
      {"nothing near", {{"zzz"}, {}, {}, {}}, "`--without zzz`: the input has no policy of that name; there is `no-world`, `shop/db`"},
      {"another kind", {{"AdminNetworkPolicy/shop/db"}, {}, {}, {}}, "`--without AdminNetworkPolicy/shop/db`: the input has no policy of that name; `shop/db` is of another kind"},
      {"gone already", {{"no-world", "no-world"}, {}, {}, {}}, "`--without no-world`: the input has no policy of that name; there is `shop/db`"},
      {"a namespace", {{}, {"shpo"}, {}, {}}, "`--enforce shpo`: the input has no namespace of that name; did you mean `shop`?"},
      {"both", {{}, {"shop"}, {"shop"}, {}}, "`--enforce shop` and `--audit shop` contradict each other"}}));
  INFO(c.why);
  Remarks remarks;
  const auto changed = apply(c.change, objects_of(kPods + kWide), remarks);
  REQUIRE_FALSE(changed);
  CHECK(changed.error().exit_code == 2);
  CHECK(changed.error().message == c.message);
}

TEST_CASE("audit and enforce are the label of the namespace", "[replay]") {
  Remarks remarks;
  const auto changed = apply({{}, {}, {"shop"}, {}}, objects_of(kPods + db_takes(80)), remarks);
  REQUIRE(changed);
  CHECK(changed->inventory.namespaces.at(0).meta.labels.at("weir.dev/enforcement") == "audit");
  CHECK(remarks.empty());
  std::string own = kPods + db_takes(80);
  own.replace(own.find("{name: db, namespace: shop}"), 27, "{name: db, namespace: shop, labels: {weir.dev/enforcement: audit}}");
  REQUIRE(apply({{}, {"shop"}, {}, {}}, objects_of(own), remarks));
  CHECK(remarks == Remarks{"NetworkPolicy shop/db keeps its own label `weir.dev/enforcement: audit`"});
  // A namespace that only its objects name gets an object of its own.
  const std::string pods = kPods.substr(kPods.find("---"));
  const auto bare = apply({{}, {"shop"}, {}, {}}, objects_of(pods), remarks);
  REQUIRE(bare);
  CHECK(bare->inventory.namespaces.at(0).meta.name == "shop");
}

TEST_CASE("objects of a file take the place of those of their name", "[replay]") {
  const compiler::Objects given = objects_of(kPods + db_takes(80));
  const compiler::Objects more = objects_of(db_takes(8080) + kWide);
  const compiler::Objects both = with_objects(given, more);
  REQUIRE(both.policies.network_policies.size() == 1);
  CHECK(both.policies.network_policies[0].ingress->at(0).ports->at(0).ports.first == 8080);
  CHECK(both.policies.cilium_network_policies.size() == 2);
  CHECK(both.inventory.pods.size() == 2);
}

TEST_CASE("labels of a pod as they would be", "[replay]") {
  const auto set = parse_pod_label("shop/db-1", "app=cache"), gone = parse_pod_label("shop/db-1", "example.com/tier-");
  REQUIRE(set);
  REQUIRE(gone);
  CHECK(*set == PodLabel{"shop", "db-1", "app", "cache"});
  CHECK(*gone == PodLabel{"shop", "db-1", "example.com/tier", std::nullopt});
  CHECK(parse_pod_label("shop/db-1", "empty=")->value == "");
  for (const auto& [pod, label] : {std::pair("db-1", "a=b"), {"shop/", "a=b"}, {"/db", "a=b"}, {"shop/db", "app"}, {"shop/db", "=b"}, {"shop/db", "-"}}) {
    INFO(pod << " " << label);
    const auto wrong = parse_pod_label(pod, label);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().exit_code == 2);
  }
  Remarks remarks;
  CHECK(apply({{}, {}, {}, {*set}}, objects_of(kPods), remarks));
  const auto typo = apply({{}, {}, {}, {{"shop", "bd-1", "app", "x"}}}, objects_of(kPods), remarks);
  REQUIRE_FALSE(typo);
  CHECK(typo.error().message == "`--label-pod shop/bd-1`: the input has no pod of that name; did you mean `shop/db-1`?");
}

TEST_CASE("a relabelled pod is another one to the policies after the change alone", "[replay]") {
  struct Case { std::string why; std::vector<PodLabel> changes; LabelSource labels; std::uint64_t denied, same; };
  const auto c = GENERATE(values<Case>({
      {"nothing", {}, LabelSource::Either, 0, 1},
      {"the client is no web any more", {{"shop", "web-1", "app", "batch"}}, LabelSource::Either, 1, 0},
      {"nor by the inventory", {{"shop", "web-1", "app", "batch"}}, LabelSource::Inventory, 1, 0},
      {"a label that goes", {{"shop", "web-1", "app", std::nullopt}}, LabelSource::Either, 1, 0},
      {"one more label", {{"shop", "web-1", "tier", "front"}}, LabelSource::Either, 0, 1},
      {"a key that is no identity", {{"shop", "web-1", "pod-template-hash", "x"}}, LabelSource::Either, 0, 1},
      {"the server leaves the policy", {{"shop", "db-1", "app", "cache"}}, LabelSource::Either, 0, 1},
      {"another pod", {{"shop", "web-2", "app", "batch"}}, LabelSource::Either, 0, 1},
      {"another namespace", {{"shop2", "web-1", "app", "batch"}}, LabelSource::Either, 0, 1}}));
  INFO(c.why);
  const test::TemporaryFile file(test::FlowText{}.line());
  ir::Files files;
  ir::Diagnostics diagnostics;
  const compiler::Resolved resolved = test::resolve_text(kPods + db_takes(8080), ir::settings_for(ir::Dialect::Cilium120), files);
  ReplayOptions options;
  options.labels = c.labels;
  options.relabel = c.changes;
  const auto report = replay({file.path()}, resolved, &resolved, files, options, diagnostics);
  REQUIRE(report);
  CHECK(report->newly_denied == c.denied);
  CHECK(report->same == c.same);
  CHECK(report->unexplained == 0);
}

TEST_CASE("what audit lets through is dropped when it is enforced", "[replay]") {
  struct Case { std::string why, recorded; std::uint64_t denied; };
  const auto c = GENERATE(values<Case>({{"reported as AUDIT", "AUDIT", 1}, {"recorded before audit was on", "FORWARDED", 1}}));
  INFO(c.why);
  test::FlowText text;
  text.verdict = c.recorded;
  std::string audit = kPods + db_takes(80);
  audit.replace(audit.find("{name: shop}"), 12, "{name: shop, labels: {weir.dev/enforcement: audit}}");
  const test::Replay replay = test::replay_text({kPods + db_takes(80), audit, {text.line()}});
  CHECK(replay.report.newly_denied == c.denied);
  CHECK(replay.report.unexplained == 0);
}
