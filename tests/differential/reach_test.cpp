// Which matches requests reach, as verify says it, against the reference router: what is called unreachable decides none of many
// requests aimed at it, and every other match has its witness. WEIR_SEED=n repeats a run, WEIR_CASES=n changes its length.
#include <catch2/catch.hpp>
#include <algorithm>
#include <iostream>
#include <map>

#include "compiler/lower/router.h"
#include "compiler/verify/route_reach.h"
#include "ir/eval/route.h"
#include "ir/sets/request_sets.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random.h"
#include "tests/differential/generator/random_routes.h"

namespace weir::tests {
namespace {

using compiler::MatchReach;
using compiler::RouteSpace;
using Status = MatchReach::Status;

/// The table with one route alone: requests drawn for it are aimed at its matches.
ir::RouteTable alone(const ir::RouteTable& table, const ir::RouteChoice& choice) {
  ir::RouteTable out = table;
  ir::Route route = table.routes[choice.route];
  ir::RouteRule rule = route.rules[choice.rule];
  rule.matches = {rule.matches[choice.match]};
  route.rules = {rule};
  out.routes = {route};
  return out;
}

bool can_be_sent(const ir::Request& request) {
  const auto all = [](const ir::HeaderList& list, const ir::Automaton& set) {
    return std::all_of(list.begin(), list.end(), [&](const auto& one) { return set.contains(one.second); });
  };
  return ir::request_paths().contains(request.path) && all(request.headers, ir::header_values()) && all(request.query, ir::query_values());
}

/// gateway.md 2 "identical matches": as `joined` of the reference, from the tables alone.
bool shares(const ir::RouteTable& table, const RouteSpace& space, const ir::RoutePick& pick, const ir::RouteChoice& choice) {
  if (!pick.choice || !pick.listener) return false;
  const auto &a = space.matches()[space.number_of(*pick.choice)], &b = space.matches()[space.number_of(choice)];
  const ir::GatewayBehaviour& rules = ir::behaviour(table.dialect);
  const bool same = a.choice.route == b.choice.route;
  return a.text == b.text && (same ? rules.joins_rules_of_a_route && a.choice.rule != b.choice.rule : rules.joins_rules_across_routes);
}

std::string text(const ir::Request& request) {
  std::string out = request.method + " " + request.scheme + "://" + request.host + " port " + std::to_string(request.port) + " path " + request.path + " gateway " +
                    request.gateway_namespace + "/" + request.gateway + (request.sni ? " sni `" + *request.sni + "`" : "");
  for (const auto& [name, value] : request.headers) out += "\n  " + name + ": " + value;
  for (const auto& [name, value] : request.query) out += "\n  ?" + name + "=" + value;
  return out;
}

std::string text(const ir::RouteChoice& choice) {
  return "route " + std::to_string(choice.route) + " rule " + std::to_string(choice.rule) + " match " + std::to_string(choice.match);
}

bool takes(const ir::RouteTable& table, const ir::RouteChoice& choice, const ir::Request& request) {
  const ir::Route& route = table.routes[choice.route];
  if (route.kind == "GRPCRoute" && !ir::is_grpc(request)) return false;
  return (route.kind != "HTTPRoute" && route.kind != "GRPCRoute") || ir::matches(route.rules[choice.rule].matches[choice.match], request);
}

struct Counts {
  std::map<std::string, std::uint64_t> statuses;
  std::uint64_t asked = 0, aimed = 0;
};

/// What the claims about one match promise.
std::string refuted(const ir::RouteTable& table, const RouteSpace& space, const ir::Router& router, const MatchReach& reach, const Below& below, Counts& counts) {
  const ir::RoutePick pick = ir::pick(table, reach.witness);
  if (reach.status == Status::Reached) {
    if (!takes(table, reach.choice, reach.witness) || !pick.choice || !(*pick.choice == reach.choice || shares(table, space, pick, reach.choice)))
      return "its witness does not reach it: " + text(reach.witness) + "\nit is decided by " + (pick.choice ? text(*pick.choice) : "nobody");
    return {};
  }
  if (reach.status == Status::Unknown) return {};
  if (reach.status == Status::Taken) {
    if (!takes(table, reach.choice, reach.witness)) return "its witness does not match it: " + text(reach.witness);
    if (!pick.choice || *pick.choice == reach.choice) return "its witness is decided by " + (pick.choice ? text(*pick.choice) : "nobody") + ": " + text(reach.witness);
    if (std::none_of(reach.takers.begin(), reach.takers.end(), [&](const ir::RouteChoice& taker) { return takes(table, taker, reach.witness); }))
      return "no taker matches its witness: " + text(reach.witness);
  }
  const ir::RouteTable aimed = alone(table, reach.choice);
  for (int i = 0; i < 1000; ++i) {
    const ir::Request request = random_route_request(below, aimed);
    if (!can_be_sent(request)) continue;
    ++counts.asked;
    const ir::RoutePick got = router.pick(request);
    if (got.listener && takes(table, reach.choice, request)) ++counts.aimed;
    // The compiled router is quick; the reference judges where they matter.
    if (got.choice && *got.choice == reach.choice && ir::pick(table, request).choice == got.choice) return "a request reaches it: " + text(request);
  }
  return {};
}

const char* name(Status status) {
  switch (status) {
    case Status::Unasked: return "unasked";
    case Status::Reached: return "reached";
    case Status::Taken: return "taken";
    case Status::Nothing: return "nothing";
    case Status::Unknown: return "unknown";
  }
  return "";
}

}  // namespace

TEST_CASE("matches that no request reaches", "[differential]") {
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(50'000) * 3 / 100, 200'000);
  Counts counts;
  for (std::uint64_t number = 1; number <= wanted; ++number) {
    Random random(seed() + number);
    const Below below = [&](std::uint32_t count) { return random.below(count); };
    const ir::RouteTable table = random_route_table(below);
    const RouteSpace space(table);
    const ir::Router router = compiler::compile_router(table);
    for (const MatchReach& reach : compiler::route_reach(space)) {
      ++counts.statuses[name(reach.status)];
      if (const std::string why = refuted(table, space, router, reach, below, counts); !why.empty())
        FAIL("WEIR_SEED=" << seed() << ", table " << number << "\n" << to_text(table) << text(reach.choice) << " is " << name(reach.status) << ", but " << why);
    }
  }
  std::cout << "reach: " << wanted << " route tables, seed " << seed() << ", " << counts.asked << " requests aimed at what nobody reaches, " << counts.aimed
            << " of them match it:";
  for (const auto& [status, count] : counts.statuses) std::cout << " " << status << " " << count;
  std::cout << "\n";
  CHECK(counts.statuses["reached"] > wanted);
  CHECK(counts.statuses["taken"] > wanted / 4);
  CHECK(counts.statuses["nothing"] > wanted / 100);
  CHECK(counts.statuses["unknown"] < counts.statuses["reached"] / 20);
  CHECK(counts.aimed > counts.asked / 50);
}

}  // namespace weir::tests
