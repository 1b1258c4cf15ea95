// The reference router and the compiled one, on random tables and requests (gateway.md 1.4 to 1.8).
// WEIR_SEED=n repeats a run, WEIR_CASES=n changes its length.
#include <catch2/catch.hpp>
#include <iostream>
#include <map>

#include "compiler/lower/router.h"
#include "ir/eval/route.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random.h"
#include "tests/differential/generator/random_routes.h"

namespace weir::tests {
namespace {

constexpr std::uint64_t kRequestsOfATable = 50;

std::string_view text(ir::RouteReason reason) {
  switch (reason) {
    case ir::RouteReason::Rule: return "rule";
    case ir::RouteReason::NoPort: return "no-port";
    case ir::RouteReason::WrongProtocol: return "wrong-protocol";
    case ir::RouteReason::NoHost: return "no-host";
    case ir::RouteReason::NoName: return "no-name";
    case ir::RouteReason::NoCertificate: return "no-certificate";
    case ir::RouteReason::NotTerminated: return "not-terminated";
    case ir::RouteReason::Misdirected: return "misdirected";
    case ir::RouteReason::NoRule: return "no-rule";
  }
  return "";
}

std::string text(const ir::RoutePick& pick) {
  std::string out(text(pick.reason));
  if (pick.listener) out += ", listener " + std::to_string(*pick.listener);
  if (pick.choice) out += ", route " + std::to_string(pick.choice->route) + " rule " + std::to_string(pick.choice->rule) + " match " + std::to_string(pick.choice->match);
  return out;
}

std::string text(const ir::Request& request) {
  std::string out = request.method + " " + request.scheme + "://" + request.host + " port " + std::to_string(request.port) + " path " + request.path + " gateway " +
                    request.gateway_namespace + "/" + request.gateway + (request.sni ? " sni `" + *request.sni + "`" : "");
  for (const auto& [name, value] : request.headers) out += "\n  " + name + ": " + value;
  for (const auto& [name, value] : request.query) out += "\n  ?" + name + "=" + value;
  return out;
}

}  // namespace

TEST_CASE("requests take the same rule in the reference router and in the compiled one", "[differential]") {
  // More than a million tells nothing new.
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(50'000), 1'000'000);
  std::map<std::string, std::uint64_t> reasons, outcomes, kinds;
  std::uint64_t done = 0, tables = 0;
  while (done < wanted) {
    Random random(seed() + ++tables);
    const Below below = [&](std::uint32_t count) { return random.below(count); };
    const ir::RouteTable table = random_route_table(below);
    const ir::Router router = compiler::compile_router(table);
    for (std::uint64_t i = 0; i < kRequestsOfATable; ++i, ++done) {
      const ir::Request request = random_route_request(below, table);
      const ir::RoutePick reference = ir::pick(table, request), got = router.pick(request);
      if (got != reference)
        FAIL("WEIR_SEED=" << seed() << ", table " << tables << "\n" << to_text(table) << text(request) << "\ncompiled: " << text(got) << "\nreference: " << text(reference));
      ++reasons[std::string(text(reference.reason))];
      ++outcomes[std::string(to_text(ir::finish(table, reference, request).outcome))];
      if (reference.choice) ++kinds[table.routes[reference.choice->route].kind];
    }
  }
  std::cout << "differential: " << done << " routed requests, " << tables << " route tables, seed " << seed() << ", 0 differences:";
  for (const auto* counts : {&reasons, &outcomes, &kinds})
    for (const auto& [name, count] : *counts) std::cout << " " << name << " " << count;
  std::cout << "\n";
  // Every way in which a request can end, and every kind of route.
  CHECK(reasons.size() == 9);
  CHECK(outcomes.size() == 5);
  CHECK(kinds.size() == 5);
  CHECK(reasons["rule"] > done / 5);
}

}  // namespace weir::tests
