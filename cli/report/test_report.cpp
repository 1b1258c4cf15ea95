#include "cli/report/test_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/report/route_report.h"
#include "cli/report/rule_json.h"
#include "ir/base/code.h"
#include "simulator/ask/expect.h"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using simulator::CheckResult;
using simulator::RouteCheckResult;
using simulator::TestResult;

/// The rules of the side that decided: the denying one, or both when the connection is allowed.
ordered_json deciding_rules(const simulator::TraceAnswer& got, const std::string& side) {
  auto rules = ordered_json::array();
  if (side != "ingress") rules = rules_json(got.egress.decided_by);
  if (side != "egress")
    for (auto& rule : rules_json(got.ingress.decided_by)) rules.push_back(rule);
  return rules;
}

ordered_json check_json(const CheckResult& check) {
  ordered_json out;
  out["name"] = check.name;
  out["pass"] = check.pass;
  out["expect"] = check.expect;
  if (check.got) {
    const std::string side = simulator::denying_side(check.got->decision);
    ordered_json& got = out["got"];
    got["verdict"] = ir::to_text(check.got->decision.verdict);
    got["side"] = side;
    got["reason"] = simulator::denial_reason(check.got->decision);
    got["decidedBy"] = deciding_rules(*check.got, side);
    if (!check.got->decision.assumptions.empty()) got["assumptions"] = check.got->decision.assumptions;
  }
  if (!check.problems.empty()) out["problems"] = check.problems;
  return out;
}

ordered_json route_check_json(const RouteCheckResult& check) {
  ordered_json out;
  out["name"] = check.name;
  out["pass"] = check.pass;
  if (check.got) add_route(*check.got, out["got"]);
  if (!check.problems.empty()) out["problems"] = check.problems;
  return out;
}

ordered_json test_object(const TestResult& result) {
  ordered_json out;
  out["file"] = result.file;
  out["name"] = result.name;
  out["checks"] = ordered_json::array();
  for (const CheckResult& check : result.checks) out["checks"].push_back(check_json(check));
  out["routes"] = ordered_json::array();
  for (const RouteCheckResult& check : result.routes) out["routes"].push_back(route_check_json(check));
  return out;
}

template <class Check>
std::string line(const TestResult& result, const Check& check, const ir::Files& files, bool verbose) {
  if (check.pass) return verbose ? "ok    " + result.name + ": " + check.name + "\n" : "";
  std::string text = "FAIL  " + result.name + ": " + check.name + "\n";
  for (const std::string& problem : check.problems) text += "      " + problem + "\n";
  return text + "      --> " + ir::to_text(files, check.origin) + "\n";
}

std::string decided_text(const CheckResult& check) {
  if (check.pass || !check.got) return {};
  std::string text;
  const std::string side = simulator::denying_side(check.got->decision);
  const auto add = [&](const simulator::TraceSide& part) {
    for (const ir::RuleRef& rule : part.decided_by) text += "      decided by " + ir::to_text(rule) + "\n";
    for (const ir::RuleRef& rule : part.isolated_by) text += "      isolated by " + ir::to_text(rule) + "\n";
  };
  if (side != "ingress") add(check.got->egress);
  if (side != "egress") add(check.got->ingress);
  return text;
}

std::string tenths_text(double percent) {
  const auto tenths = static_cast<long>(std::floor(percent * 10));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

/// "HTTPRoute shop/web rule 1 (routes.yaml:12:5)"
std::string route_rule_text(const ir::RuleRef& rule) {
  std::string text = rule.kind + " " + rule.namespace_name + "/" + rule.name + " rule " + std::to_string(rule.index);
  if (rule.file.empty()) return text;
  return text + " (" + rule.file + ":" + std::to_string(rule.line) + ":" + std::to_string(rule.column) + ")";
}

std::string route_totals(const simulator::RouteCoverage& coverage, bool all) {
  if (coverage.total == 0) return {};
  std::string text = std::to_string(coverage.exercised) + " of " + std::to_string(coverage.total) + " route rules exercised (" +
                     tenths_text(simulator::percent(coverage)) + ")\n";
  if (!coverage.missed.empty()) text += "no request meets\n";
  for (const ir::RuleRef& rule : coverage.missed) text += "    " + route_rule_text(rule) + "\n";
  if (!all) return text;
  if (!coverage.unasserted.empty()) text += "no check asserts\n";
  for (const simulator::UnassertedPart& part : coverage.unasserted) text += "    " + part.what + " of " + route_rule_text(part.rule) + "\n";
  return text;
}

std::string totals(const simulator::TestSummary& summary, bool all) {
  std::string text = std::to_string(summary.passed) + " passed, " + std::to_string(summary.failed) + " failed\n";
  if (summary.rules.total != 0)
    text += std::to_string(summary.rules.exercised) + " of " + std::to_string(summary.rules.total) + " rules exercised (" +
            tenths_text(simulator::percent(summary.rules)) + ")\n";
  if (!summary.rules.missed.empty()) text += "no check exercises\n";
  for (const ir::RuleRef& rule : summary.rules.missed) text += "    " + ir::to_text(rule) + "\n";
  return text + route_totals(summary.route_rules, all);
}

ordered_json route_rule_json(const ir::RuleRef& rule) {
  ordered_json out;
  out["kind"] = rule.kind;
  out["namespace"] = rule.namespace_name;
  out["name"] = rule.name;
  out["rule"] = rule.index;
  if (!rule.file.empty()) out["file"] = rule.file, out["line"] = rule.line, out["column"] = rule.column;
  return out;
}

ordered_json route_coverage_json(const simulator::RouteCoverage& coverage) {
  ordered_json out;
  out["total"] = coverage.total;
  out["exercised"] = coverage.exercised;
  out["missed"] = ordered_json::array();
  for (const ir::RuleRef& rule : coverage.missed) out["missed"].push_back(route_rule_json(rule));
  out["unasserted"] = ordered_json::array();
  for (const simulator::UnassertedPart& part : coverage.unasserted) {
    ordered_json one = route_rule_json(part.rule);
    one["what"] = part.what;
    out["unasserted"].push_back(std::move(one));
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      // XML 1.0 has no other control characters.
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

template <class Check>
std::string junit_case(const TestResult& result, const Check& check) {
  std::string text = "    <testcase classname=\"" + escaped(result.name) + "\" name=\"" + escaped(check.name) + "\"";
  if (check.pass) return text + "/>\n";
  std::string message;
  for (const std::string& problem : check.problems) message += (message.empty() ? "" : "; ") + problem;
  return text + ">\n      <failure message=\"" + escaped(message) + "\"/>\n    </testcase>\n";
}

std::string junit_suite(const TestResult& result) {
  std::string cases;
  for (const CheckResult& check : result.checks) cases += junit_case(result, check);
  for (const RouteCheckResult& check : result.routes) cases += junit_case(result, check);
  const auto summary = simulator::summary_of({result});
  return "  <testsuite name=\"" + escaped(result.name) + "\" file=\"" + escaped(result.file) + "\" tests=\"" +
         std::to_string(summary.passed + summary.failed) + "\" failures=\"" + std::to_string(summary.failed) + "\">\n" +
         cases + "  </testsuite>\n";
}

template <class Check>
void add_finding(const TestResult& result, const Check& check, ir::Diagnostics& out) {
  if (check.pass) return;
  std::string detail = "check `" + check.name + "` of `" + result.name + "`";
  for (std::size_t i = 0; i < check.problems.size(); ++i) detail += (i == 0 ? ": " : "; ") + check.problems[i];
  out.report({.kind = ir::Code::InvariantViolated, .primary = check.origin, .detail = std::move(detail), .labels = {},
              .notes = {}, .fix = {}, .witness = {}});
}

}  // namespace

ir::Diagnostics test_findings(const std::vector<TestResult>& results) {
  ir::Diagnostics out;
  for (const TestResult& result : results) {
    for (const CheckResult& check : result.checks) add_finding(result, check, out);
    for (const RouteCheckResult& check : result.routes) add_finding(result, check, out);
  }
  return out;
}

std::string test_json(const std::vector<TestResult>& results) {
  const auto summary = simulator::summary_of(results);
  ordered_json out = head_json("TestReport");
  out["tests"] = ordered_json::array();
  for (const TestResult& result : results) out["tests"].push_back(test_object(result));
  out["summary"]["passed"] = summary.passed;
  out["summary"]["failed"] = summary.failed;
  out["coverage"]["rules"]["total"] = summary.rules.total;
  out["coverage"]["rules"]["exercised"] = summary.rules.exercised;
  out["coverage"]["rules"]["missed"] = rules_json(summary.rules.missed);
  if (summary.route_rules.total != 0) out["coverage"]["routes"] = route_coverage_json(summary.route_rules);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string test_text(const std::vector<TestResult>& results, const ir::Files& files, bool verbose, bool covall) {
  std::string text;
  for (const TestResult& result : results) {
    for (const CheckResult& check : result.checks) text += line(result, check, files, verbose) + decided_text(check);
    for (const RouteCheckResult& check : result.routes) text += line(result, check, files, verbose);
  }
  return text + totals(simulator::summary_of(results), covall);
}

std::string test_junit(const std::vector<TestResult>& results) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const TestResult& result : results) text += junit_suite(result);
  return text + "</testsuites>\n";
}

}  // namespace weir::cli
