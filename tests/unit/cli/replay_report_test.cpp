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

TEST_CASE("the most important rows come first, and at most twenty", "[cli]") {
  std::vector<ReplayEdge> edges;
  for (std::uint64_t i = 1; i <= 25; ++i) edges.push_back(drop(i, "shop/client-" + std::to_string(i)));
  ReplayEdge gained = same(999);
  gained.change = Change::NewlyAllowed;
  edges.push_back(gained);
  const ReplayReport report = report_of(edges);
  const std::string markdown = replay_markdown(report, {});
  CHECK(markdown.find("| **newly denied** | shop/client-25 | shop/backend | 8080/TCP | 25 | FORWARDED | DROPPED | `policies/backend.yaml:14` |") != std::string::npos);
  CHECK(markdown.find("... and 6 more") != std::string::npos);
  CHECK(markdown.find("shop/client-5 ") == std::string::npos);
  CHECK(markdown.find("newly allowed |") == std::string::npos);
  CHECK(replay_markdown(report, {true, {}}).find("newly allowed |") != std::string::npos);
  CHECK(replay_text(report, {}).find("... and 6 more paths (--all lists every one)") != std::string::npos);
  const std::string csv = replay_csv(report, {});
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 27);
}

TEST_CASE("how far to trust the answer", "[cli]") {
  constexpr std::int64_t kHour = 3'600'000'000'000;
  struct Case { std::string why; std::int64_t hours; std::vector<std::string> jobs; std::string text; };
  const auto c = GENERATE(values<Case>({
      {"three hours", 3, {}, "window: 3 hours: daily, weekly and monthly jobs may not be in it"},
      {"a day", 24, {}, "window: 24 hours: weekly and monthly jobs may not be in it"},
      {"a week", 7 * 24 + 5, {}, "window: 7 days 5 hours: monthly jobs may not be in it"},
      {"a month", 31 * 24, {}, "window: 31 days"},
      {"jobs of the inventory", 3, {"CronJob shop/backup", "CronJob shop/frontend", "Job shop/migrate"}, "window: 3 hours; not in the recording: CronJob shop/backup, Job shop/migrate"},
      {"a job that was seen by another of its names", 3, {"CronJob shop/front"}, "window: 3 hours; not in the recording: CronJob shop/front"},
      {"all of them", 3, {"CronJob shop/frontend"}, "window: 3 hours; every Job and CronJob of the inventory is in the recording"}}));
  INFO(c.why);
  ReplayReport report = report_of({drop(1)});
  report.first = 0;
  report.last = c.hours * kHour;
  CHECK(window_text(report, {false, c.jobs}) == c.text);
  CHECK(replay_html(report, {false, c.jobs}).find(c.text) != std::string::npos);
}

TEST_CASE("jobs are seen by the names that their pods have", "[cli]") {
  const ReplayReport report = report_of({drop(1, "shop/backup-29011520"), drop(1, "shop/front")});
  CHECK(jobs_unseen(report, {"CronJob shop/back", "CronJob shop/backup", "Job shop/front", "Job shop/frontend"}) == std::vector<std::string>{"CronJob shop/back", "Job shop/frontend"});
}

TEST_CASE("requests, routes and all that a report may say", "[cli]") {
  ReplayEdge request = drop(3);
  request.l7 = "GET /v1/items";
  request.example = "11111111-2222-3333-4444-555555555555";
  ReplayEdge lookup = request;
  lookup.l7 = "dns example.com";
  ReplayReport report = report_of({same(9)});
  report.edges.push_back(request);
  report.edges.push_back(lookup);
  report.requests = {10, 4, 6, 0, 0, 2};
  report.routes = {{"GET", "shop.example.com", "/cart", "shop/a:80 100%", "404", 7, "", {}}};
  report.sampled = 10;
  report.flows.filtered = 5;
  report.flows.malformed = 3;
  report.flows.too_long = 2;
  report.pods_unseen = {"shop/a-1", "shop/a-2"};
  report.rules_unexercised = request.decided_by;
  report.workloads_seen = 4;
  CHECK(replay_exit(report, {}) == 1);
  CHECK(replay_verdict(report) == "this change would drop none of the 9 recorded connections that could be compared and refuse 6 recorded requests of 2 kinds; "
                                  "the most, 3, `GET /v1/items` from shop/frontend to shop/backend:8080, decided by policies/backend.yaml:14");
  const std::string text = replay_text(report, {});
  for (const char* part : {"5 left out by the filters", "3 malformed (2 too long)", "sampled: one flow of 10 was recorded", "pods without evidence: shop/a-1, shop/a-2",
                           "rules that nothing met: ", "4 workloads seen", "requests: 10 compared (4 the same, 6 newly denied, 0 newly allowed, 0 unexplained), 2 unknown",
                           "GET shop.example.com/cart  shop/a:80 100%  404    7", "8080/TCP GET /v1/items", "example: flow 11111111-2222-3333-4444-555555555555"}) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  }
  const auto json = nlohmann::ordered_json::parse(replay_json(report, {}));
  CHECK(json["flows"]["filtered"] == 5);
  CHECK(json["flows"]["tooLong"] == 2);
  CHECK(json["sampled"] == 10);
  CHECK(json["requests"]["newlyDenied"] == 6);
  CHECK(json["routes"][0]["after"] == "404");
  CHECK(json["coverage"]["pods"]["unseen"].size() == 2);
  CHECK(json["coverage"]["rules"]["unexercised"][0]["line"] == 14);
  CHECK(json["coverage"]["workloads"] == 4);
  CHECK(json["connections"][0]["l7"] == nlohmann::ordered_json{{"protocol", "http"}, {"method", "GET"}, {"path", "/v1/items"}});
  CHECK(json["connections"][0]["example"] == "11111111-2222-3333-4444-555555555555");
  CHECK(json["connections"][1]["l7"] == nlohmann::ordered_json{{"protocol", "dns"}, {"query", "example.com"}});
  CHECK(replay_html(report, {}).find("<code>GET shop.example.com/cart</code>") != std::string::npos);
  CHECK(replay_markdown(report, {}).find("| GET shop.example.com/cart | shop/a:80 100% | 404 | 7 |") != std::string::npos);
}

TEST_CASE("the page needs nobody else", "[cli]") {
  ReplayEdge edge = drop(1, "\"><script src=//x.y></script>");
  edge.fix = "</code><img src=x onerror=alert(1)>";
  const std::string page = replay_html(report_of({edge}), {});
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.find("prefers-color-scheme: dark") != std::string::npos);
  for (const char* outside : {"http://", "https://", "url(", "@import", "<link"}) CHECK(page.find(outside) == std::string::npos);
  CHECK(page.find("&quot;&gt;&lt;script src=//x.y&gt;") != std::string::npos);
  CHECK(page.find("<td class=\"denied\">newly denied</td>") != std::string::npos);
}
