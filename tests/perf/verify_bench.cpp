// Proofs over generated clusters: findings of thousands of rules, two sets compared. Prints milliseconds; the bounds
// are ratios between sizes of one run.
#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>

#include "compiler/verify/policy_diff.h"
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
  PolicyDiff today, any;
  const DiffSide a{world.resolved.policies, world.resolved.cluster}, b{after, world.resolved.cluster};
  const double first = best_ms(1, [&] { today = diff_policies(a, b, {.today = true, .any = false}); });
  const double second = best_ms(1, [&] { any = diff_policies(a, b, {.today = false, .any = true}); });
  std::cout << "perf: diff of " << world.resolved.policies.rules.size() << " and " << after.rules.size() << " rules, " << what << ": today's pods " << first
            << " ms (" << today.today->changes.size() << " changes), any pods " << second << " ms (" << any.any->found.size() << " differences, "
            << (any.any->complete ? "complete" : any.any->why) << ", " << any.any->method << ")\n";
  CHECK(any.any->complete);
  CHECK(any.any->found.empty() == equal);
  CHECK(today.today->changes.empty() == equal);
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

TEST_CASE("two sets of 5,000 policies", "[perf]") {
  const World world = make_world({10'000, 5'000});
  print_diff("three of them edited", world, edited(world.resolved.policies), false);
  print_diff("the same, written otherwise", world, written_otherwise(world.resolved.policies), true);
}

}  // namespace weir::perf
