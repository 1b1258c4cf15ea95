#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/report/replay_parts.h"

using namespace weir;
using namespace weir::cli;
using simulator::Change;
using simulator::ReplayEdge;
using simulator::ReplayReport;

namespace {

ReplayEdge drop(std::uint64_t count, std::string source = "shop/frontend") {
  ReplayEdge edge;
  edge.source = std::move(source);
  edge.destination = "shop/backend";
  edge.port = 8080;
  edge.change = Change::NewlyDenied;
  edge.count = count;
  edge.flows = 7 * count;
  edge.first = 1'767'225'600'000'000'000;
  edge.last = edge.first;
  edge.recorded = "FORWARDED";
  edge.predicted = "DROPPED";
  edge.reason = "policy-denied";
  ir::RuleRef rule{.kind = "Default", .name = "default-deny", .action = ir::Action::Deny, .file = "policies/backend.yaml", .line = 14, .column = 5};
  edge.decided_by = {rule};
  return edge;
}

ReplayReport report_of(std::vector<ReplayEdge> edges) {
  ReplayReport report;
  report.has_base = true;
  for (const ReplayEdge& edge : edges) {
    report.compared += edge.count;
    if (edge.change == Change::NewlyDenied) report.newly_denied += edge.count;
    if (edge.change == Change::NewlyAllowed) report.newly_allowed += edge.count;
    if (edge.change == Change::Same) report.same += edge.count;
  }
  report.edges = std::move(edges);
  return report;
}

ReplayEdge same(std::uint64_t count) {
  ReplayEdge edge = drop(count);
  edge.change = Change::Same;
  edge.predicted = "FORWARDED";
  edge.reason.clear();
  return edge;
}

}  // namespace

TEST_CASE("the verdict in one line", "[cli]") {
  CHECK(replay_verdict(report_of({drop(212)})) ==
        "this change would drop 212 recorded connections from shop/frontend to shop/backend:8080, decided by policies/backend.yaml:14");
  CHECK(replay_verdict(report_of({drop(1)})).starts_with("this change would drop 1 recorded connection from"));
  CHECK(replay_verdict(report_of({drop(2), drop(5, "shop/admin")})) ==
        "this change would drop 7 recorded connections on 2 paths; the most, 5, from shop/admin to shop/backend:8080, decided by policies/backend.yaml:14");
  CHECK(replay_verdict(report_of({same(3)})) == "this change would drop none of the 3 recorded connections that could be compared");
  CHECK(replay_verdict(report_of({})) == "undecided: no recorded connection could be compared");
  ReplayEdge gained = same(4);
  gained.change = Change::NewlyAllowed;
  CHECK(replay_verdict(report_of({gained})).ends_with("; 4 connections would newly pass"));
}

TEST_CASE("exit codes of replay", "[cli]") {
  struct Case { std::string why; ReplayReport report; ReplayLimits limits; int code; };
  ReplayReport good = report_of({same(100)}), damaged = report_of({drop(1)}), thin = good, odd = good;
  damaged.damaged = {"a.gz: cut"};
  thin.pods_seen = 1;
  thin.pods_total = 4;
  odd.unexplained = 6;
  const auto c = GENERATE_COPY(values<Case>({
      {"nothing changes", good, {}, 0},
      {"a predicted drop", report_of({same(9), drop(1)}), {}, 1},
      {"damage beats a drop: the report is not complete", damaged, {}, 3},
      {"nothing compared is undecided", report_of({}), {}, 4},
      {"thin coverage, no bound asked", thin, {}, 0},
      {"thin coverage below the bound", thin, {50.0, 5}, 4},
      {"at the bound", thin, {25.0, 5}, 0},
      {"too much unexplained", odd, {}, 4},
      {"as much as allowed", odd, {std::nullopt, 6}, 0}}));
  INFO(c.why);
  CHECK(replay_exit(c.report, c.limits) == c.code);
}

TEST_CASE("the JSON of replay", "[cli]") {
  ReplayReport report = report_of({drop(10), same(5)});
  report.first = report.last = 1'767'225'600'000'000'000;
  report.nodes = {{"n1", 105, 17, false}};
  report.not_comparable = {{"NO_L4", 2}};
  report.flows.lost_events = 17;
  const auto json = nlohmann::ordered_json::parse(replay_json(report, {}));
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"apiVersion", "kind", "flows", "window", "nodes", "notComparable", "unexplained", "coverage",
                                         "verdicts", "agreement", "connections"});
  CHECK(json["kind"] == "ReplayReport");
  CHECK(json["flows"]["skipped"]["lost-events"] == 17);
  CHECK(json["agreement"]["newlyDenied"] == 10);
  REQUIRE(json["connections"].size() == 1);
  const auto& edge = json["connections"][0];
  CHECK(edge["src"] == "shop/frontend");
  CHECK(edge["port"] == 8080);
  CHECK(edge["count"] == 10);
  CHECK(edge["flows"] == 70);
  CHECK(edge["first"] == "2026-01-01T00:00:00Z");
  CHECK(edge["decidedBy"][0]["line"] == 14);
  CHECK_FALSE(edge.contains("match"));
  CHECK(nlohmann::json::parse(replay_json(report, {true, {}}))["connections"].size() == 2);
}

TEST_CASE("names from a recording cannot attack a sink", "[cli]") {
  ReplayEdge edge = drop(1, "=cmd|'/C calc'!A0,\"x\"");
  edge.destination = "<script>|`\x1b[31m`\n";
  const ReplayReport report = report_of({edge});
  const std::string csv = replay_csv(report, {});
  CHECK(csv.find("\n\"'=cmd|'/C calc'!A0,\"\"x\"\"\",") != std::string::npos);
  for (const std::string& text : {csv, replay_text(report, {}), replay_markdown(report, {}), replay_dot(report, {})}) {
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("\n`") == std::string::npos);
  }
  CHECK(replay_markdown(report, {}).find("<script>") == std::string::npos);
  CHECK(replay_markdown(report, {}).find("\\|") != std::string::npos);
  CHECK(replay_dot(report, {}).find("\\\"x\\\"") != std::string::npos);
}

TEST_CASE("the text names what is missing", "[cli]") {
  ReplayReport report = report_of({drop(1)});
  report.nodes = {{"n1", 10, 3, false}, {"n2", 0, 0, true}};
  report.not_comparable = {{"PEER_UNRESOLVED", 4}};
  report.damaged = {"a.gz: the gzip stream ends in the middle"};
  const std::string text = replay_text(report, {});
  for (const char* part : {"not the whole recording: a.gz", "n1: 10 flows, 3 events lost", "n2: 0 flows, reported as unavailable",
                           "not compared: 4 PEER_UNRESOLVED", "newly denied"})
    CHECK(text.find(part) != std::string::npos);
  CHECK_FALSE(replay_output(report, "sarif", {}));
  CHECK(replay_output(report, "dot", {}));
}
