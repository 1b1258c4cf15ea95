// What `weir diff` says of requests (policy.md section 5) = the evaluator: "equal" means that sampled requests agree, and each
// sampled request between today's pods that is answered otherwise is in the list of its ends. WEIR_SEED=n repeats a run.
#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>

#include "compiler/verify/joint_pods.h"
#include "compiler/verify/policy_diff.h"
#include "ir/eval/eval.h"
#include "ir/flow/endpoint.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random_cluster.h"
#include "tests/differential/generator/random_flows.h"
#include "tests/differential/generator/random_policies.h"
#include "tests/differential/generator/random_requests.h"

namespace weir::tests {
namespace {

constexpr std::uint64_t kRequestsOfAPair = 300;

/// Rules of one level, which set algebra reads: most sets are so, and the solver is slow.
void flatten(ir::PolicySet& set) {
  for (ir::Rule& rule : set.rules) {
    rule.tier = ir::Tier::Normal;
    rule.priority = 0;
    rule.auth = {};
    if (rule.action == ir::Action::Pass) rule.action = ir::Action::Allow;
  }
  sort_rules(set);
}

/// Some rules taken away, repeated, or with other rules about requests.
ir::PolicySet changed(Random& random, ir::PolicySet set) {
  const ir::PolicySet old = set;
  if (random.chance(25)) set.rules.erase(set.rules.begin() + random.below(set.rules.size()));
  if (random.chance(25) && !set.rules.empty()) set.rules.push_back(random.pick(set.rules));
  if (random.chance(75)) {
    ir::PolicySet other = old;
    add_requests(random, other);
    for (std::size_t i = 0; i < set.rules.size() && i < other.rules.size(); ++i)
      if (random.chance(30)) set.rules[i].l7 = other.rules[i].l7;
  }
  for (ir::Rule& rule : set.rules) rule.policy = {};
  sort_rules(set);
  return set;
}

}  // namespace

TEST_CASE("requests that two policy sets answer otherwise", "[differential]") {
  const std::uint64_t wanted = std::min<std::uint64_t>(cases(50'000) * 3 / 1000, 20'000);
  std::uint64_t done = 0, equal = 0, listed = 0, unknown = 0, asked = 0, differing = 0, today = 0;
  for (std::uint64_t sets = 1; done < wanted; ++sets) {
    Random random(seed() + 17'000'000 + sets);
    ir::Cluster cluster = random_cluster(random, random_settings(random));
    cluster.secrets[{"shop", "token"}] = "t0ken";
    for (ir::Pod& pod : cluster.pods)
      if (random.chance(60)) pod.workload = {"Deployment", "w" + std::to_string(random.below(3))};
    ir::PolicySet before = random_policies(random, cluster, random.chance(70) ? Language::Tables : Language::Whole);
    if (before.rules.empty()) continue;
    if (random.chance(85)) flatten(before);
    add_requests(random, before);
    ir::PolicySet after = changed(random, before);
    for (ir::PolicySet* set : {&before, &after})
      for (ir::Rule& rule : set->rules) rule.audit = false;
    const FlowSource flows(cluster, after);
    if (flows.empty()) continue;
    INFO("WEIR_SEED=" << seed() << ", pair " << sets << "\n" << to_text(before) << "--- after\n" << to_text(after) << to_text(cluster));
    const compiler::PolicyDiff diff = compiler::diff_policies({before, cluster}, {after, cluster}, {});
    ++done;
    for (const compiler::AnyDifference& one : diff.any->found) {
      CHECK(ir::decide(before, cluster, one.connection.flow).verdict != ir::decide(after, cluster, one.connection.flow).verdict);
      listed += one.connection.flow.request.has_value();
    }
    today += diff.today->requests.size();
    const bool proven = diff.any->found.empty() && diff.any->complete;
    equal += proven, unknown += !diff.any->complete;
    for (std::uint64_t i = 0; i < kRequestsOfAPair; ++i) {
      ir::Flow flow = flows.draw(random);
      const ir::PodId first{random.below(cluster.pods.size())}, second{random.below(cluster.pods.size())};
      const bool pods = flow.source.kind != ir::EndpointKind::Other && flow.destination.kind != ir::EndpointKind::Other;
      if (!pods || cluster.pod(first).host_network || cluster.pod(second).host_network) continue;
      flow.source = ir::endpoint_of(cluster, first), flow.destination = ir::endpoint_of(cluster, second);
      flow.icmp_code = 0;
      const bool connection = ir::decide(before, cluster, flow).verdict != ir::decide(after, cluster, flow).verdict;
      flow.request = random_real_request(random);
      const ir::Decision a = ir::decide(before, cluster, flow), b = ir::decide(after, cluster, flow);
      ++asked;
      if (connection || a.verdict == b.verdict) continue;
      ++differing;
      const std::string source = compiler::end_text(cluster.pod(first)), destination = compiler::end_text(cluster.pod(second));
      INFO(to_text(flow) << " (" << to_text(*flow.request) << ") " << to_text(a.verdict) << " before, " << to_text(b.verdict) << " after");
      CHECK_FALSE(proven);
      if (first == second || !diff.today->requests_unknown.empty()) continue;
      const auto& all = diff.today->requests;
      CHECK(std::any_of(all.begin(), all.end(), [&](const compiler::TodayRequest& one) { return one.source == source && one.destination == destination; }));
    }
  }
  std::cout << "differential: requests of " << done << " pairs of policy sets, " << equal << " proven equal, " << unknown << " unknown, " << listed
            << " differences in requests, " << today << " between today's pods, " << asked << " requests asked, " << differing << " differ, seed " << seed()
            << ", 0 differences\n";
  CHECK(equal > done / 20);
  CHECK(listed > done / 20);
  CHECK(differing > asked / 1000);
  CHECK(unknown < done / 2);
}

}  // namespace weir::tests
