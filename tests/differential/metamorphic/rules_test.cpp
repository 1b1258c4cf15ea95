// The same on resolved rules, where tiers, priorities and pass are drawn: one allow or one deny more in any tier.
#include <catch2/catch.hpp>
#include <iostream>

#include "ir/eval/eval.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random_cluster.h"
#include "tests/differential/generator/random_flows.h"
#include "tests/differential/generator/random_policies.h"

namespace weir::tests {
namespace {

constexpr std::uint64_t kFlowsOfASet = 60;

ir::PolicySet with_rule(const ir::PolicySet& policies, ir::Rule rule) {
  ir::PolicySet more = policies;
  rule.policy = ir::PolicyId{static_cast<std::uint32_t>(policies.policies.size())};
  more.policies.push_back({"CiliumNetworkPolicy", "shop", "added", {}, {}, {}});
  more.rules.push_back(std::move(rule));
  sort_rules(more);
  return more;
}

/// Below the default deny: a Baseline rule with `derived.baseline_before_default_deny` off (policy.md 8.2), or a rule in
/// audit, which admits nothing that the enforced ones do not.
bool below_default_deny(const ir::PolicySet& policies, const ir::Cluster& cluster, const ir::SideDecision& side) {
  if (side.decided_by.empty()) return false;
  const auto audited = [&](ir::RuleId id) { return policies.rule(id).audit; };
  const ir::Rule& first = policies.rule(side.decided_by.front());
  return (!cluster.settings.derived_baseline_before_default_deny && first.tier == ir::Tier::Baseline) ||
         std::any_of(side.decided_by.begin(), side.decided_by.end(), audited);
}

/// Empty, or why `b` cannot follow from `a` by one rule of `action`; `low`: what decided `a` lies below the default deny.
std::string wrong(ir::Action action, const ir::SideDecision& a, const ir::SideDecision& b, bool low) {
  if (action == ir::Action::Deny) {
    // policy.md 4.3: enforcement `always` without any rule forgets the localhost allow; a first rule brings it back.
    // policy.md 8.2: a rule that isolates ends the say of the Baseline tier, and the localhost allow follows.
    const bool remembered = (low || a.decided_by.empty()) && b.default_rule == ir::DefaultRule::AllowLocalhost;
    const bool opened = a.verdict == ir::Verdict::Denied && b.verdict != ir::Verdict::Denied;
    return opened && !remembered ? "a deny more allows what was denied" : "";
  }
  // policy.md 4.1: only what no rule allowed can fall to the isolation that the new rule brings.
  const bool isolated = (low || a.default_rule == ir::DefaultRule::DefaultAllow) && b.default_rule == ir::DefaultRule::DefaultDeny;
  const bool closed = a.verdict == ir::Verdict::Allowed && b.verdict == ir::Verdict::Denied;
  return closed && !isolated ? "an allow more denies what was allowed" : "";
}

std::uint64_t add_rule(ir::Action action, std::uint64_t set) {
  Random random(seed() ^ (set << 24));
  const ir::Cluster cluster = random_cluster(random, random_settings(random));
  const ir::PolicySet before = random_policies(random, cluster, Language::Tables);
  ir::Rule rule = random_rule(random, 0, Language::Tables);
  rule.action = action;
  rule.auth = ir::Auth::Unset;  // test-always-fail makes an allow a deny
  const ir::PolicySet after = with_rule(before, rule);
  const FlowSource flows(cluster, after);
  std::uint64_t changed = 0;
  for (std::uint64_t i = 0; i < kFlowsOfASet && !flows.empty(); ++i) {
    const ir::Flow flow = flows.draw(random);
    for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
      const ir::SideDecision a = decide_side(before, cluster, flow, direction), b = decide_side(after, cluster, flow, direction);
      changed += a.verdict != b.verdict;
      const std::string text = wrong(action, a, b, below_default_deny(before, cluster, a));
      if (!text.empty())
        FAIL("WEIR_SEED=" << seed() << ", set " << set << "\n" << describe(before, cluster) << "\nadded " << to_text(rule, after)
                          << "\n" << to_text(flow) << "\n" << text);
    }
  }
  return changed;
}

}  // namespace

TEST_CASE("one rule more in any tier", "[differential]") {
  const std::uint64_t sets = std::max<std::uint64_t>(1, cases(60'000) / kFlowsOfASet);
  for (const ir::Action action : {ir::Action::Allow, ir::Action::Deny}) {
    std::uint64_t changed = 0;
    for (std::uint64_t set = 1; set <= sets; ++set) changed += add_rule(action, set);
    std::cout << "differential: " << sets << " rule sets with one " << to_text(action) << " more, " << changed
              << " answers changed, seed " << seed() << ", 0 differences\n";
    CHECK(changed > 0);
  }
}

}  // namespace weir::tests
