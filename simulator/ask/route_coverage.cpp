#include "simulator/ask/route_coverage.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace weir::simulator {
namespace {

using RuleNumber = std::pair<std::uint32_t, std::uint32_t>;  // route and rule of the table

ir::RuleRef ref_of(const ir::RouteTable& table, RuleNumber number, const ir::Files& files) {
  const ir::Route& route = table.routes[number.first];
  const ir::Span origin = route.rules[number.second].origin;
  ir::RuleRef ref;
  ref.kind = route.kind;
  ref.namespace_name = route.namespace_name;
  ref.name = route.name;
  ref.index = number.second;
  if (origin.known() && origin.file.index < files.files.size()) ref.file = files.at(origin.file).name;
  ref.line = origin.line;
  ref.column = origin.column;
  return ref;
}

/// What a filter does, in the word that an expectation has for it; empty: nothing to assert.
std::string part_of(const ir::Filter& filter) {
  if (std::holds_alternative<ir::RequestHeaders>(filter) || std::holds_alternative<ir::UrlRewrite>(filter)) return "request";
  if (std::holds_alternative<ir::ResponseHeaders>(filter)) return "responseHeaders";
  if (std::holds_alternative<ir::RequestRedirect>(filter)) return "redirect";
  if (std::holds_alternative<ir::RequestMirror>(filter)) return "mirrors";
  return {};
}

/// What there is to assert about one rule.
std::set<std::string> parts_of(const ir::RouteRule& rule) {
  std::set<std::string> parts;
  for (const ir::Filter& filter : rule.filters) parts.insert(part_of(filter));
  for (const ir::Backend& backend : rule.backends)
    for (const ir::Filter& filter : backend.filters) parts.insert(part_of(filter));
  if (rule.backends.size() > 1) parts.insert("shares");
  if (rule.backends.size() == 1) parts.insert("backend");
  parts.erase("");
  return parts;
}

/// What a check asserts. A share or a status says where requests go, too.
std::set<std::string> asserted(const compiler::RouteExpectation& expect) {
  std::set<std::string> parts;
  if (expect.request) parts.insert("request");
  if (expect.response_headers) parts.insert("responseHeaders");
  if (expect.redirect) parts.insert("redirect");
  if (expect.mirrors) parts.insert("mirrors");
  if (!expect.shares.empty()) parts.insert({"shares", "backend"});
  if (!expect.statuses.empty()) parts.insert({"shares", "backend"});
  if (expect.backend || !expect.status.empty() || !expect.grpc_status.empty() || expect.rejected) parts.insert("backend");
  return parts;
}

}  // namespace

RouteCoverage route_coverage(const compiler::PolicyTest& test, const TestResult& result, const ir::RouteTable& table, const ir::Files& files) {
  std::map<RuleNumber, std::set<std::string>> met;
  std::map<RuleNumber, std::set<std::uint32_t>> matches;
  for (std::size_t i = 0; i < result.routes.size(); ++i) {
    const auto& got = result.routes[i].got;
    if (!got || !got->decision.choice) continue;
    const RuleNumber number{got->decision.choice->route, got->decision.choice->rule};
    met[number].merge(asserted(test.routes[i].expect));
    matches[number].insert(got->decision.choice->match);
  }
  RouteCoverage out;
  for (std::uint32_t r = 0; r < table.routes.size(); ++r) {
    if (table.routes[r].listeners.empty()) continue;
    for (std::uint32_t u = 0; u < table.routes[r].rules.size(); ++u) {
      const RuleNumber number{r, u};
      const ir::RouteRule& rule = table.routes[r].rules[u];
      out.total += 1;
      if (!met.contains(number)) {
        out.missed.push_back(ref_of(table, number, files));
        continue;
      }
      out.exercised += 1;
      for (std::uint32_t m = 0; m < rule.matches.size(); ++m)
        if (!matches[number].contains(m)) out.unasserted.push_back({ref_of(table, number, files), "match " + std::to_string(m) + ": " + ir::to_text(rule.matches[m])});
      for (const std::string& part : parts_of(rule))
        if (!met[number].contains(part)) out.unasserted.push_back({ref_of(table, number, files), "`" + part + "`"});
    }
  }
  return out;
}

}  // namespace weir::simulator
