// The JSON shapes of trace, route and test are a contract (cli.md "JSON shapes"): members, order, what is left out.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/report/route_report.h"
#include "cli/report/test_report.h"
#include "cli/report/trace_report.h"
#include "ir/base/code.h"

using namespace weir;
using nlohmann::ordered_json;

namespace {

ir::RuleRef rule() {
  return {"CiliumNetworkPolicy", "shop", "backend", ir::Direction::Ingress, 0, ir::Action::Deny, "p.yaml", 12, 5};
}

ir::RuleRef default_deny() {
  return {"Default", "", "default-deny", ir::Direction::Ingress, 0, ir::Action::Deny, "p.yaml", 14, 5};
}

simulator::TraceAnswer denied() {
  simulator::TraceAnswer answer;
  answer.flow.source.name = "shop/front";
  answer.flow.destination.name = "shop/back";
  answer.flow.port = 8080;
  answer.decision.verdict = ir::Verdict::Denied;
  answer.decision.ingress = {.verdict = ir::Verdict::Denied, .enforced = true, .reason = ir::DropReason::PolicyDenied,
                             .match = {}, .default_rule = ir::DefaultRule::DefaultDeny, .decided_by = {ir::RuleId{0}}};
  answer.egress.decision = answer.decision.egress;
  answer.ingress = {answer.decision.ingress, {default_deny()}, {rule()}};
  return answer;
}

ir::Backend backend(std::string service, std::string invalid = "") {
  ir::Backend out;
  out.namespace_name = "shop";
  out.service = std::move(service);
  out.port = 80;
  out.invalid = std::move(invalid);
  if (out.invalid.empty()) out.pods = {"shop/a-1", "shop/a-2"};
  return out;
}

simulator::RouteAnswer routed() {
  simulator::RouteAnswer answer;
  answer.request.host = "h";
  answer.request.path = "/a";
  answer.request.query = {{"x", "1"}};
  answer.request.headers = {{"X-A", "1"}, {"X-A", "2"}};
  answer.decision.outcome = ir::RouteOutcome::Backends;
  answer.decision.backends = {{backend("a"), 0.75, 0}, {backend("b", "BackendNotFound"), 0.25, 500}};
  answer.listener = ir::Listener{.gateway_namespace = "infra", .gateway = "web", .name = "http", .protocol = {},
                                 .port = 80, .hostname = {}, .usable = true, .cilium = true, .origin = {}};
  answer.route = simulator::MatchedRoute{"HTTPRoute", "shop", "r", 1, 2, "r.yaml", 9, "PathPrefix /a"};
  answer.decision.backends[0].forwarded = answer.request;
  answer.policy = {{{"shop/a-1", ir::Verdict::Allowed, "backend ingress", {}, {}, {}},
                    {"shop/a-2", ir::Verdict::Denied, "backend ingress", {rule()}, {}, {}}}, {}};
  return answer;
}

}  // namespace

TEST_CASE("trace as JSON", "[report]") {
  const std::string expected = R"({"apiVersion":"weir.dev/v1alpha1","kind":"Trace","verdict":"denied",)"
      R"("egress":{"verdict":"allowed","enforced":false,"decidedBy":[]},)"
      R"("ingress":{"verdict":"denied","enforced":true,"reason":"policy-denied","decidedBy":[)"
      R"({"kind":"Default","name":"default-deny","direction":"ingress","action":"deny","file":"p.yaml","line":14,"column":5}]}})";
  CHECK(ordered_json::parse(cli::trace_json(denied())).dump() == expected);
  simulator::TraceAnswer explicit_deny = denied();
  explicit_deny.ingress.decided_by = {rule()};
  explicit_deny.decision.assumptions = {"a switch"};
  const auto json = ordered_json::parse(cli::trace_json(explicit_deny));
  CHECK(json["ingress"]["decidedBy"][0].dump() ==
        R"({"kind":"CiliumNetworkPolicy","namespace":"shop","name":"backend","direction":"ingress","index":0,)"
        R"("action":"deny","file":"p.yaml","line":12,"column":5})");
  CHECK(json["assumptions"].dump() == R"(["a switch"])");
}

TEST_CASE("trace as text names the rule that isolates", "[report]") {
  const std::string text = cli::trace_text(denied());
  CHECK(text.find("shop/front -> shop/back:8080/TCP: denied") != std::string::npos);
  CHECK(text.find("default deny applies because of") != std::string::npos);
  CHECK(text.find("(p.yaml:12:5)") != std::string::npos);
}

TEST_CASE("route as JSON", "[report]") {
  const std::string expected = R"({"apiVersion":"weir.dev/v1alpha1","kind":"RouteTrace","outcome":"backends",)"
      R"("listener":{"kind":"Gateway","namespace":"infra","gateway":"web","name":"http"},)"
      R"("route":{"kind":"HTTPRoute","namespace":"shop","name":"r","rule":1,"match":2,"file":"r.yaml","line":9},)"
      R"("backends":[{"namespace":"shop","service":"a","port":80,"share":0.75,"pods":["shop/a-1","shop/a-2"],)"
      R"("endpoints":[{"pod":"shop/a-1","policy":{"verdict":"allowed","decidedBy":[]}},{"pod":"shop/a-2","policy":)"
      R"({"verdict":"denied","decidedBy":[{"kind":"CiliumNetworkPolicy","namespace":"shop","name":"backend",)"
      R"("direction":"ingress","index":0,"action":"deny","file":"p.yaml","line":12,"column":5}]}}]},)"
      R"({"namespace":"shop","service":"b","port":80,"share":0.25,"status":500,"invalid":"BackendNotFound"}],)"
      R"("request":{"host":"h","path":"/a?x=1","headers":{"X-A":"1,2"}}})";
  CHECK(ordered_json::parse(cli::route_json(routed())).dump() == expected);
}

TEST_CASE("one policy verdict for all pods is given once", "[report]") {
  simulator::RouteAnswer answer = routed();
  answer.policy[0][1].verdict = ir::Verdict::Allowed;
  const auto json = ordered_json::parse(cli::route_json(answer));
  CHECK(json["backends"][0]["policy"]["verdict"] == "allowed");
  CHECK_FALSE(json["backends"][0].contains("endpoints"));
}

TEST_CASE("a response has a status and no request", "[report]") {
  simulator::RouteAnswer answer;
  answer.decision.outcome = ir::RouteOutcome::Response;
  answer.decision.status = 404;
  CHECK(ordered_json::parse(cli::route_json(answer)).dump() ==
        R"({"apiVersion":"weir.dev/v1alpha1","kind":"RouteTrace","outcome":"response","status":404})");
}

TEST_CASE("test reports", "[report]") {
  simulator::TestResult result;
  result.file = "t.yaml";
  result.name = "t <&>";
  result.checks.push_back({"good", "denied", true, {}, denied(), {}});
  result.checks.push_back({"bad \"name\"", "allowed", false, {"expected allowed, got denied"}, denied(), {}});
  result.routes.push_back({"route", true, {}, routed(), {}});
  result.rules = {9, 8, {rule()}};
  const auto json = ordered_json::parse(cli::test_json({result}));
  CHECK(json["tests"][0]["checks"][0]["got"].dump() ==
        R"({"verdict":"denied","side":"ingress","reason":"policy-denied","decidedBy":[{"kind":"Default",)"
        R"("name":"default-deny","direction":"ingress","action":"deny","file":"p.yaml","line":14,"column":5}]})");
  CHECK(json["tests"][0]["routes"][0]["got"]["outcome"] == "backends");
  CHECK(json["summary"].dump() == R"({"passed":2,"failed":1})");
  CHECK(json["coverage"]["rules"]["total"] == 9);
  CHECK(json["coverage"]["rules"]["missed"].size() == 1);
  const std::string text = cli::test_text({result}, ir::Files{});
  CHECK(text.find("FAIL  t <&>: bad \"name\"") != std::string::npos);
  CHECK(text.find("2 passed, 1 failed") != std::string::npos);
  CHECK(text.find("8 of 9 rules exercised (88.8 %)") != std::string::npos);
  const std::string junit = cli::test_junit({result});
  CHECK(junit.find("<testsuite name=\"t &lt;&amp;&gt;\" file=\"t.yaml\" tests=\"3\" failures=\"1\">") != std::string::npos);
  CHECK(junit.find("name=\"bad &quot;name&quot;\"") != std::string::npos);
  const ir::Diagnostics findings = cli::test_findings({result});
  REQUIRE(findings.list().size() == 1);
  CHECK(findings.list().front().detail == "check `bad \"name\"` of `t <&>`: expected allowed, got denied");
  CHECK(findings.list().front().kind == ir::Code::InvariantViolated);
}
