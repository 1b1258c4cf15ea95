// Two policy sets over every connection that may exist: set algebra against Z3 and against the evaluator.
#include "compiler/verify/any_diff.h"

#include <catch2/catch.hpp>
#include <iostream>

#include "compiler/verify/approximate.h"
#include "compiler/verify/solver.h"
#include "tests/unit/compiler/verify/random_policies.h"

using namespace weir;
using namespace weir::compiler;

namespace {

/// The same rules with one taken away, one added or one replaced; or just written in another order.
ir::PolicySet changed(test::RandomPolicies& random, ir::PolicySet set) {
  const unsigned how = random.pick(4);
  if (how == 0) std::reverse(set.rules.begin(), set.rules.end());
  if (how == 1 || how == 2) set.rules.erase(set.rules.begin() + random.pick(static_cast<unsigned>(set.rules.size())));
  if (how == 2 || how == 3) {
    ir::PolicySet more = random.policies(1);
    set.rules.push_back(more.rules.front());
  }
  return set;
}

}  // namespace

TEST_CASE("what two policy sets differ in is found, and equal is proven", "[verify][diff]") {
  unsigned equal = 0, different = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    test::RandomPolicies random(seed, false);
    const ir::Cluster cluster = random.cluster();
    const ir::PolicySet before = random.policies(5), after = changed(random, before);
    const Space space(cluster);
    if (has_doubt(space, before) || has_doubt(space, after)) continue;
    INFO("seed " << seed << "\n" << to_text(before) << "---\n" << to_text(after));
    const AnyDiff diff = diff_any({space, before, after}, {}, 1000);
    CHECK(diff.complete);
    CHECK(diff.method == "sets");
    for (const AnyDifference& one : diff.found) {
      CHECK(ir::decide(before, cluster, one.connection.flow).verdict == one.before.verdict);
      CHECK(ir::decide(after, cluster, one.connection.flow).verdict == one.after.verdict);
      CHECK(one.before.verdict != one.after.verdict);
    }
    Solver solver(space, before, 20'000);
    const SolverAnswer answer = solver.differing(after, {space.everyone(), space.everyone(), ir::every_port()});
    REQUIRE(answer.status != SolverStatus::Unknown);
    CHECK(diff.found.empty() == (answer.status == SolverStatus::None));
    ++(diff.found.empty() ? equal : different);
    if (diff.found.empty())
      for (int i = 0; i < 200; ++i) {
        const ir::Flow flow = random.flow(cluster);
        CHECK(ir::decide(before, cluster, flow).verdict == ir::decide(after, cluster, flow).verdict);
      }
  }
  std::cout << "verify: " << equal << " pairs proven equal, " << different << " different\n";
  CHECK(equal >= 20);
  CHECK(different >= 40);
}

TEST_CASE("tiers are compared by the solver", "[verify][diff]") {
  unsigned equal = 0, different = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    test::RandomPolicies random(seed, true);
    const ir::Cluster cluster = random.cluster();
    const ir::PolicySet before = random.policies(4);
    ir::PolicySet after = changed(random, before);
    std::stable_sort(after.rules.begin(), after.rules.end(),
                     [](const ir::Rule& a, const ir::Rule& b) { return std::tie(a.tier, a.priority) < std::tie(b.tier, b.priority); });
    const Space space(cluster);
    if (has_doubt(space, before) || has_doubt(space, after)) continue;
    INFO("seed " << seed << "\n" << to_text(before) << "---\n" << to_text(after));
    const AnyDiff diff = diff_any({space, before, after}, {.solver_millis = 20'000}, 1000);
    CHECK((diff.complete || !diff.found.empty()));
    for (const AnyDifference& one : diff.found) CHECK(one.before.verdict != one.after.verdict);
    ++(diff.found.empty() ? equal : different);
    if (diff.found.empty())
      for (int i = 0; i < 200; ++i) {
        const ir::Flow flow = random.flow(cluster);
        CHECK(ir::decide(before, cluster, flow).verdict == ir::decide(after, cluster, flow).verdict);
      }
  }
  CHECK(equal >= 5);
  CHECK(different >= 5);
}
