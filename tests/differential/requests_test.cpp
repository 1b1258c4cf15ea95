// The request rules in the evaluator and in the table form, on random rules and requests (policy.md section 5).
// WEIR_SEED=n repeats a run, WEIR_CASES=n changes its length.
#include <catch2/catch.hpp>
#include <iostream>

#include "compiler/lower/requests.h"
#include "ir/eval/l7.h"
#include "ir/eval/patterns.h"
#include "ir/tables/name_match.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random_cluster.h"
#include "tests/differential/generator/random_flows.h"
#include "tests/differential/generator/random_policies.h"
#include "tests/differential/generator/random_requests.h"

namespace weir::tests {
namespace {

constexpr std::uint64_t kRequestsOfASet = 200;

std::string text(const std::optional<ir::L7Decision>& decision) {
  if (!decision) return "none";
  std::string out = std::string(to_text(decision->verdict)) + " " + decision->protocol + " " + std::string(to_text(decision->side));
  for (const ir::RuleId id : decision->decided_by) out += " " + std::to_string(id.index);
  return out;
}

}  // namespace

TEST_CASE("request rules mean the same in the evaluator and in the table form", "[differential]") {
  // More than a million tells nothing new.
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(50'000), 1'000'000);
  std::uint64_t done = 0, sets = 0, denied = 0, spoken = 0;
  while (done < wanted) {
    Random random(seed() + ++sets);
    ir::Cluster cluster = random_cluster(random, random_settings(random));
    widen(random, cluster);
    cluster.secrets[{"shop", "token"}] = "t0ken";
    ir::PolicySet policies = random_policies(random, cluster, Language::Whole);
    add_requests(random, policies);
    ir::RuleIndex index = compiler::index_rules(policies, cluster);
    compiler::Classifier classifier(index);
    const compiler::RequestTable table(policies, cluster);
    const FlowSource flows(cluster, policies);
    for (std::uint64_t i = 0; i < kRequestsOfASet && !flows.empty(); ++i, ++done) {
      ir::Flow flow = flows.draw(random);
      flow.request = random_request(random);
      const auto reference = ir::decide_request(policies, cluster, flow);
      const auto got = table.decide(index, classifier, flow);
      spoken += reference.has_value();
      denied += reference && reference->verdict == ir::Verdict::Denied;
      if (got == reference) continue;
      FAIL("WEIR_SEED=" << seed() << ", policy set " << sets << "\n" << describe(policies, cluster) << "\n" << to_text(flow) << "\ntable: "
                        << text(got) << "\nevaluator: " << text(reference));
    }
  }
  std::cout << "differential: " << done << " requests, " << sets << " policy sets, " << spoken << " met request rules, " << denied
            << " denied, seed " << seed() << ", 0 differences\n";
  CHECK(spoken > done / 20);
  CHECK(denied > spoken / 50);
}

TEST_CASE("names match alike with and without expressions", "[differential]") {
  Random random(seed());
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(50'000), 1'000'000);
  std::uint64_t matched = 0;
  for (std::uint64_t i = 0; i < wanted; ++i) {
    // The importer lets no star into a literal name.
    const bool literal = random.chance(30);
    const ir::NamePattern pattern{literal ? random_real_name(random) : random_name(random), literal};
    const std::string name = random.chance(60) ? random_real_name(random) : random_name(random);
    const ir::Dialect dialect = random.chance(50) ? ir::Dialect::Cilium120 : ir::Dialect::Cilium118;
    INFO("WEIR_SEED=" << seed() << " `" << pattern.text << "` and `" << name << "`" << (pattern.literal ? " literal" : ""));
    const bool reference = ir::name_matches(pattern, name, dialect);
    matched += reference;
    REQUIRE(ir::matches_name(pattern, name, dialect) == reference);
    REQUIRE(ir::matches_server_name(pattern.text, name) == ir::server_name_matches(pattern.text, name));
  }
  std::cout << "differential: " << wanted << " names, " << matched << " matched, seed " << seed() << ", 0 differences\n";
  CHECK(matched > wanted / 100);
}

}  // namespace weir::tests
