// Two route tables compared as `weir diff` does, against the reference router: tables that are said to answer alike do for many requests,
// what is said to differ does, and taking out what nobody reaches changes nothing. WEIR_SEED=n repeats a run, WEIR_CASES=n changes its length.
#include <catch2/catch.hpp>
#include <algorithm>
#include <iostream>

#include "compiler/verify/route_answer.h"
#include "compiler/verify/route_compare.h"
#include "compiler/verify/route_reach.h"
#include "ir/sets/request_sets.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random.h"
#include "tests/differential/generator/random_routes.h"

namespace weir::tests {
namespace {

using Status = compiler::MatchReach::Status;

bool can_be_sent(const ir::Request& request) {
  const auto all = [](const ir::HeaderList& list, const ir::Automaton& set) {
    return std::all_of(list.begin(), list.end(), [&](const auto& one) { return set.contains(one.second); });
  };
  if (request.path == "*" && request.method != "OPTIONS") return false;
  return ir::request_paths().contains(request.path) && all(request.headers, ir::header_values()) && all(request.query, ir::query_values());
}

template <class T>
void drop(std::vector<T>& list, const Below& below) {
  if (!list.empty()) list.erase(list.begin() + below(static_cast<std::uint32_t>(list.size())));
}

/// Filters written in another way, which often means the same.
void reword(ir::RouteRule& rule, const Below& below) {
  for (ir::Filter& filter : rule.filters) {
    if (auto* redirect = std::get_if<ir::RequestRedirect>(&filter)) {
      if (!redirect->port && redirect->scheme) redirect->port = below(4) == 0 ? 8443 : *redirect->scheme == "https" ? 443 : 80;
      else if (!redirect->scheme) redirect->scheme = below(2) == 0 ? "http" : "https";
      if (redirect->path && redirect->path->kind == ir::PathEditKind::Prefix) redirect->path->value += "/";
    }
    if (auto* rewrite = std::get_if<ir::UrlRewrite>(&filter); rewrite != nullptr && rewrite->path) rewrite->path->value += "/";
    if (auto* cors = std::get_if<ir::Cors>(&filter)) cors->max_age += 1, std::reverse(cors->origins.begin(), cors->origins.end());
    if (auto* headers = std::get_if<ir::RequestHeaders>(&filter)) std::reverse(headers->edit.set.begin(), headers->edit.set.end()), drop(headers->edit.remove, below);
  }
  std::reverse(rule.backends.begin(), rule.backends.end());
}

/// One edit as people make them.
ir::RouteTable edited(ir::RouteTable table, const Below& below) {
  if (table.routes.empty() || below(8) == 0) {
    table.dialect = static_cast<ir::GatewayDialect>(below(6));
    return table;
  }
  ir::Route& route = table.routes[below(static_cast<std::uint32_t>(table.routes.size()))];
  if (route.rules.empty() || below(6) == 0) return drop(route.hostnames, below), table;
  ir::RouteRule& rule = route.rules[below(static_cast<std::uint32_t>(route.rules.size()))];
  const std::uint32_t kind = below(7);
  if (kind == 0 && route.rules.size() > 1) return drop(route.rules, below), table;
  if (kind == 1) return std::reverse(route.rules.begin(), route.rules.end()), table;
  if (kind == 2) return drop(rule.backends, below), table;
  if (kind == 5) return drop(rule.filters, below), table;
  if (kind == 6) return reword(rule, below), table;
  if (rule.matches.empty()) return table;
  ir::RouteMatch& match = rule.matches[below(static_cast<std::uint32_t>(rule.matches.size()))];
  if (kind == 3) drop(match.headers, below), drop(match.query, below);
  else match.method = match.method.empty() ? "GET" : "";
  return table;
}

/// Without one match that nobody reaches, of a rule that has others.
std::optional<ir::RouteTable> without_dead(ir::RouteTable table) {
  for (const compiler::MatchReach& reach : compiler::route_reach(compiler::RouteSpace(table))) {
    std::vector<ir::RouteMatch>& matches = table.routes[reach.choice.route].rules[reach.choice.rule].matches;
    if ((reach.status != Status::Taken && reach.status != Status::Nothing) || matches.size() < 2) continue;
    matches.erase(matches.begin() + reach.choice.match);
    return table;
  }
  return std::nullopt;
}

struct Counts {
  std::uint64_t equal = 0, different = 0, unknown = 0, asked = 0, dead = 0;
};

std::string refuted(const ir::RouteTable& before, const ir::RouteTable& after, const Below& below, Counts& counts) {
  const compiler::RouteDiff diff = compiler::compare_routes(before, after);
  ++(!diff.found.empty() ? counts.different : diff.unknown.empty() ? counts.equal : counts.unknown);
  for (const compiler::RequestDifference& one : diff.found)
    if (one.before == one.after || one.before != compiler::answer_text(before, one.request) || one.after != compiler::answer_text(after, one.request))
      return "what is told is not so: " + one.request.path;
  if (!diff.found.empty() || !diff.unknown.empty()) return {};
  for (int i = 0; i < 200; ++i) {
    const ir::Request request = random_route_request(below, i % 2 == 0 ? before : after);
    if (request.gateway.empty() || !can_be_sent(request)) continue;
    ++counts.asked;
    const std::string first = compiler::answer_text(before, request), second = compiler::answer_text(after, request);
    if (first != second) return "they are called alike, but " + request.method + " " + request.scheme + "://" + request.host + " port " + std::to_string(request.port) + " path " + request.path + ": " + first + " | " + second;
  }
  return {};
}

}  // namespace

TEST_CASE("two route tables compared", "[differential]") {
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(50'000) * 3 / 100, 200'000);
  Counts counts;
  for (std::uint64_t number = 1; number <= wanted; ++number) {
    Random random(seed() + number);
    const Below below = [&](std::uint32_t count) { return random.below(count); };
    const ir::RouteTable table = random_route_table(below), other = edited(table, below);
    if (const std::string why = refuted(table, other, below, counts); !why.empty())
      FAIL("WEIR_SEED=" << seed() << ", table " << number << "\n" << to_text(table) << "\nand\n" << to_text(other) << why);
    const auto fewer = without_dead(table);
    if (!fewer) continue;
    ++counts.dead;
    const compiler::RouteDiff diff = compiler::compare_routes(table, *fewer);
    if (!diff.found.empty()) FAIL("WEIR_SEED=" << seed() << ", table " << number << ": a match that nobody reaches is missed\n" << to_text(table) << diff.found[0].request.path);
  }
  std::cout << "route diff: " << wanted << " pairs of tables, seed " << seed() << ": " << counts.different << " differ, " << counts.equal << " proven equal (" << counts.asked
            << " requests agree), " << counts.unknown << " unknown; " << counts.dead << " idle matches taken out\n";
  CHECK(counts.different > wanted / 10);
  CHECK(counts.equal > wanted / 10);
  CHECK(counts.dead > wanted / 10);
  CHECK(counts.unknown < wanted / 10);
}

}  // namespace weir::tests
