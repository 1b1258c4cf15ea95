// Proofs over generated clusters: findings of thousands of rules, two sets compared. Prints milliseconds; the bounds
// are ratios between sizes of one run.
#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>

#include "compiler/verify/policy_diff.h"
#include "compiler/verify/route_diff.h"
#include "compiler/verify/verify.h"
#include "tests/perf/verify_world.h"

namespace weir::perf {
namespace {

using namespace weir::compiler;

/// Findings of every rule, without an invariant.
double findings_ms(const World& world, std::size_t& found) {
  return best_ms(1, [&] {
    ir::Diagnostics diagnostics;
    static_cast<void>(verify(world.resolved.policies, world.resolved.cluster, {}, world.files, {}, diagnostics));
    found = diagnostics.list().size();
  });
}

/// Three rules that admit another port, or peers that they did not.
ir::PolicySet edited(ir::PolicySet set) {
  int left = 3;
  for (std::size_t i = 0; i < set.rules.size() && left > 0; i += set.rules.size() / 5) {
    std::size_t at = i;
    while (at < set.rules.size() && (set.rules[at].action != ir::Action::Allow || !set.rules[at].ports || set.rules[at].l7)) ++at;
    if (at == set.rules.size()) break;
    set.rules[at].ports->push_back({ir::Protocol::Tcp, {static_cast<std::uint16_t>(20000 + left), static_cast<std::uint16_t>(20000 + left)}});
    --left;
  }
  return set;
}

/// The same meaning: every rule with several peers or ports becomes one for each of its first and the rest; in another order.
ir::PolicySet written_otherwise(const ir::PolicySet& set) {
  ir::PolicySet out{set.policies, {}};
  std::size_t cut = 0;
  for (const ir::Rule& rule : set.rules) {
    const bool parts = rule.peers && rule.peers->size() > 1;
    out.rules.push_back(rule);
    if (!parts || ++cut % 4 != 0) continue;
    ir::Rule rest = rule;
    out.rules.back().peers->resize(1);
    rest.peers->erase(rest.peers->begin());
    out.rules.push_back(rest);
  }
  std::reverse(out.rules.begin(), out.rules.end());
  std::stable_sort(out.rules.begin(), out.rules.end(), [](const ir::Rule& a, const ir::Rule& b) { return std::tie(a.tier, a.priority) < std::tie(b.tier, b.priority); });
  return out;
}

void print_diff(const char* what, const World& world, const ir::PolicySet& after, bool equal) {
  PolicyDiff today, any, whole;
  const DiffSide a{world.resolved.policies, world.resolved.cluster}, b{after, world.resolved.cluster};
  const double first = best_ms(1, [&] { today = diff_policies(a, b, {.today = true, .any = false}); });
  const double second = best_ms(1, [&] { any = diff_policies(a, b, {.today = false, .any = true}); });
  const double both = best_ms(1, [&] { whole = diff_policies(a, b, {}); });
  std::cout << "perf: diff of " << world.resolved.policies.rules.size() << " and " << after.rules.size() << " rules, " << what << ": today's pods " << first
            << " ms (" << today.today->changes.size() << " changes), any pods " << second << " ms (" << any.any->found.size() << " differences, "
            << (any.any->complete ? "complete" : any.any->why) << ", " << any.any->method << "), both " << both << " ms\n";
  CHECK(any.any->complete);
  CHECK(any.any->found.empty() == equal);
  CHECK(today.today->changes.empty() == equal);
}

ir::RouteMatch nth_match(std::uint32_t n) {
  ir::RouteMatch match;
  match.path = {ir::PathKind::Prefix, "/team-" + std::to_string(n % 40) + "/service-" + std::to_string(n)};
  if (n % 25 == 0) match.path = {ir::PathKind::Regex, "/team-" + std::to_string(n % 40) + "/[a-z-]+" + std::to_string(n) + "(/v[0-9]+)?(/.*)?"};
  if (n % 10 == 1) match.path.kind = ir::PathKind::Exact;
  if (n % 3 == 0) match.headers = {{"x-tenant", ir::ValueKind::Exact, "tenant-" + std::to_string(n % 20)}};
  if (n % 7 == 0) match.headers.push_back({"x-version", ir::ValueKind::Regex, "v[0-9]+"});
  if (n % 5 == 0) match.method = "POST";
  return match;
}

/// Two rules a route: its own match, and a prefix that its team shares; `hosts` hostnames, and every tenth route on all of them.
ir::RouteTable gateway(std::uint32_t routes, std::uint32_t hosts) {
  ir::RouteTable out;
  ir::Listener listener;
  listener.gateway_namespace = "infra", listener.gateway = "web", listener.name = "http", listener.port = 80;
  out.listeners = {listener};
  for (std::uint32_t n = 0; n < routes; ++n) {
    ir::Route route;
    route.namespace_name = "shop", route.name = "r" + std::to_string(100'000 + n), route.listeners = {0};
    route.hostnames = {n % 10 == 9 ? std::string("*.example.com") : "h" + std::to_string(n % hosts) + ".example.com"};
    route.rules.resize(2);
    route.rules[0].matches = {nth_match(n)};
    route.rules[1].matches = {nth_match(n)};
    route.rules[1].matches[0].path = {ir::PathKind::Prefix, "/team-" + std::to_string(n % 40)};
    for (ir::RouteRule& rule : route.rules) rule.backends = {ir::Backend{"shop", "s" + std::to_string(n), 80, 1, {}, {}, {}, {}, {"shop/p"}, {80}, true, {}}};
    out.routes.push_back(std::move(route));
  }
  return out;
}

double routes_ms(const ir::RouteTable& table, std::size_t& found, std::size_t& undecided) {
  const World none;
  return best_ms(1, [&] {
    ir::Diagnostics diagnostics;
    const VerifyReport report = verify({}, {}, {}, none.files, {}, diagnostics, {&table, {}});
    found = diagnostics.list().size();
    undecided = report.undecided.size();
  });
}

}  // namespace

TEST_CASE("findings of thousands of rules", "[perf]") {
  double previous = 0;
  std::size_t rules = 0;
  for (const ClusterSize& size : {ClusterSize{600, 300}, ClusterSize{4'000, 2'000}, ClusterSize{40'000, 20'000}}) {
    const World world = make_world(size);
    std::size_t found = 0;
    const double ms = findings_ms(world, found);
    std::cout << "perf: verify of " << size.pods << " pods, " << size.policies << " policies, " << world.resolved.policies.rules.size() << " rules: " << ms << " ms, "
              << found << " findings\n";
    const double growth = rules == 0 ? 0 : static_cast<double>(world.resolved.policies.rules.size()) / static_cast<double>(rules);
    // Ten times the rules: a hundred times the work would be one look at every pair.
    if (rules > 5000 && previous > 0) CHECK(ms < previous * growth * 8);
    previous = ms;
    rules = world.resolved.policies.rules.size();
  }
}

TEST_CASE("a gateway with 500 routes", "[perf]") {
  for (const std::uint32_t hosts : {50U, 1U}) {
    ir::RouteTable table = gateway(500, hosts);
    // It hides the prefixes of its hosts.
    table.routes[120].rules[1].matches = {ir::RouteMatch{{ir::PathKind::Regex, "/team-[0-9]+(/.*)?"}, {}, {}, {}, {}}};
    std::size_t found = 0, undecided = 0;
    const double ms = routes_ms(table, found, undecided);
    RouteDiff diff;
    ir::RouteTable after = table;
    after.routes[121].rules[0].backends[0].service = "other";
    const double compared = best_ms(1, [&] { diff = diff_routes(table, after); });
    std::cout << "perf: verify of 500 routes on " << hosts << " hosts: " << ms << " ms, " << found << " findings, " << undecided << " undecided; compared with one edited: "
              << compared << " ms, " << diff.found.size() << " differences, " << diff.unknown.size() << " unknown\n";
    CHECK(ms < 2000);
    CHECK(found > 0);
    CHECK(undecided == 0);
    CHECK(compared < 4000);
    CHECK(diff.unknown.empty());
    CHECK_FALSE(diff.found.empty());
  }
}

TEST_CASE("two sets of 5,000 policies", "[perf]") {
  const World world = make_world({10'000, 5'000});
  print_diff("three of them edited", world, edited(world.resolved.policies), false);
  print_diff("the same, written otherwise", world, written_otherwise(world.resolved.policies), true);
}

}  // namespace weir::perf
