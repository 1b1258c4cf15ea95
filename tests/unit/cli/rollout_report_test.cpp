#include "cli/report/rollout_report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace weir;
using namespace weir::cli;
using simulator::NamespaceRollout;
using simulator::ReplayEdge;
using simulator::RolloutPlan;

namespace {

ReplayEdge drop(std::uint64_t count, std::uint32_t line) {
  ReplayEdge edge;
  edge.source = "a|b/web";
  edge.destination = "shop/db";
  edge.port = 5432;
  edge.change = simulator::Change::NewlyDenied;
  edge.count = count;
  edge.predicted = "DROPPED";
  edge.decided_by = {{.kind = "Default", .name = "default-deny", .action = ir::Action::Deny, .file = "db.yaml", .line = line, .column = 3}};
  edge.fix = "add a rule";
  return edge;
}

RolloutPlan plan_of(std::vector<NamespaceRollout> spaces) {
  RolloutPlan plan;
  plan.whole.compared = 10;
  for (const NamespaceRollout& space : spaces) plan.whole.newly_denied += space.drops;
  plan.namespaces = std::move(spaces);
  return plan;
}

NamespaceRollout space(std::string name, std::vector<ReplayEdge> edges, std::size_t wave) {
  NamespaceRollout out;
  out.name = std::move(name);
  out.same = 4;
  for (const ReplayEdge& edge : edges) out.drops += edge.count;
  out.edges = std::move(edges);
  out.wave = wave;
  return out;
}

}  // namespace

TEST_CASE("a plan names the steps and what each drops by which rule", "[cli]") {
  RolloutPlan plan = plan_of({space("infra", {}, 1), space("shop", {drop(5, 7), drop(2, 9), drop(1, 7)}, 2)});
  plan.namespaces[1].unknown = 3;
  plan.namespaces[1].pods_unseen = {"shop/a", "shop/b"};
  const std::string text = rollout_text(plan, {});
  for (const char* part : {"1 of 2 namespaces without a predicted drop", "\n1. infra: no predicted drop\n", "\n2. shop: would drop 8 recorded connections\n",
                           "drops 0; 12 recorded connections compared, 3 not comparable; no evidence yet for shop/a and 1 more",
                           "label namespace shop weir.dev/enforcement=audit    drops 0; reports 6 by db.yaml:7, 2 by db.yaml:9",
                           "label namespace shop weir.dev/enforcement=enforce  drops 6 by db.yaml:7, 2 by db.yaml:9", "5 connections from a|b/web to shop/db 5432/TCP", "fix: add a rule"}) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  }
  const auto json = nlohmann::json::parse(rollout_json(plan, {}));
  CHECK(json["kind"] == "RolloutPlan");
  CHECK(json["namespaces"][1]["namespace"] == "shop");
  CHECK(json["namespaces"][1]["wave"] == 2);
  CHECK(json["namespaces"][1]["steps"][1]["drops"] == 0);
  CHECK(json["namespaces"][1]["steps"][1]["reports"] == 8);
  CHECK(json["namespaces"][1]["steps"][2]["drops"] == 8);
  CHECK(json["namespaces"][1]["connections"][1]["decidedBy"][0]["line"] == 9);
  CHECK(json["report"]["agreement"]["newlyDenied"] == 8);
  const std::string markdown = rollout_markdown(plan, {});
  CHECK(markdown.find("### 2. shop: would drop 8 recorded connections") != std::string::npos);
  CHECK(markdown.find("from a\\|b/web to") != std::string::npos);
}

TEST_CASE("long plans are cut, and say so", "[cli]") {
  const RolloutPlan plan = plan_of({space("shop", std::vector<ReplayEdge>(8, drop(1, 7)), 1)});
  CHECK(rollout_text(plan, {}).find("... and 3 more paths (--all lists every one)") != std::string::npos);
  CHECK(rollout_text(plan, {true, {}}).find("more paths") == std::string::npos);
  CHECK(rollout_markdown(plan, {}).find("- ... and 3 more") != std::string::npos);
}

TEST_CASE("the exit code of a plan", "[cli]") {
  const RolloutPlan good = plan_of({space("infra", {}, 1)}), bad = plan_of({space("shop", {drop(1, 7)}, 1)});
  CHECK(rollout_exit(good, {}) == 0);
  CHECK(rollout_exit(bad, {}) == 1);
  // Audited today: no new denial to the report, a drop to the rollout.
  RolloutPlan audited = bad;
  audited.whole.newly_denied = 0;
  CHECK(rollout_exit(audited, {}) == 1);
  RolloutPlan damaged = bad, empty = good, always = good;
  damaged.whole.damaged = {"a.gz: cut"};
  CHECK(rollout_exit(damaged, {}) == 3);
  empty.whole.compared = 0;
  CHECK(rollout_exit(empty, {}) == 4);
  always.audit_drops = {drop(1, 1)};
  CHECK(rollout_exit(always, {}) == 1);
  CHECK(rollout_text(always, {}).find("1 recorded connection would be dropped even with every namespace in audit") != std::string::npos);
  CHECK(rollout_text(plan_of({}), {}).starts_with("no policy selects a pod"));
  CHECK_FALSE(rollout_output(good, "csv", {}));
}
