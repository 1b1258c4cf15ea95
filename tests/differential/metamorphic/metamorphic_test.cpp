// What must hold between the answers to two inputs, whatever the right answer is (reliability.md C3): more allows never
// deny but by default deny, more denies never allow, order and repetition change nothing, print and parse are inverse.
// WEIR_SEED=n repeats a run, WEIR_CASES=n changes its length. A difference leaves its manifests in the temporary folder.
#include <catch2/catch.hpp>
#include <functional>
#include <iostream>

#include "ir/eval/eval.h"
#include "tests/differential/generator/agreement.h"
#include "tests/differential/generator/random_cluster.h"
#include "tests/differential/generator/random_flows.h"
#include "tests/differential/metamorphic/variants.h"

namespace weir::tests {
namespace {

constexpr std::uint64_t kFlowsOfASet = 60;

/// Cluster, policies and their manifests, drawn from the run's seed and the number of the set.
struct Drawn {
  Drawn(std::uint64_t set)
      : number(set), random(seed() ^ (set << 20)), cluster(random_cluster(random, random_settings(random))),
        policies(random_written(random, cluster.settings)), manifests(manifests_of(random, cluster, policies)),
        front(compile(manifests, cluster.settings)) {}

  std::uint64_t number;
  Random random;
  ir::Cluster cluster;
  std::vector<Written> policies;
  std::vector<Manifest> manifests;
  FrontEnd front;
};

std::string report(const Drawn& drawn, const std::vector<Manifest>& other, const std::string& wrong) {
  const std::string name = "weir-metamorphic-" + std::to_string(seed()) + "-" + std::to_string(drawn.number);
  std::string text = "WEIR_SEED=" + std::to_string(seed()) + ", set " + std::to_string(drawn.number) + "\nmanifests in " +
                     keep(drawn.manifests, name + "-a") + "\nagainst      " + keep(other, name + "-b") + "\nsettings:";
  for (const auto& [key, value] : to_pairs(drawn.cluster.settings)) text += " --set " + key + "=" + value;
  return text + "\n" + wrong;
}

/// Runs `wrong` (empty: nothing is) over random sets and prints how many there were.
void over_sets(const std::string& property, std::uint64_t flows_of_a_set,
               const std::function<std::string(Drawn&, const FrontEnd&, const std::vector<Manifest>&)>& wrong,
               const std::function<std::vector<Manifest>(Drawn&)>& vary) {
  const std::uint64_t sets = std::max<std::uint64_t>(1, std::min<std::uint64_t>(cases(12'000), 1'000'000) / flows_of_a_set);
  for (std::uint64_t set = 1; set <= sets; ++set) {
    Drawn drawn(set);
    const std::vector<Manifest> other = vary(drawn);
    const FrontEnd front = compile(other, drawn.cluster.settings);
    const std::string text = wrong(drawn, front, other);
    if (!text.empty()) FAIL(report(drawn, other, text));
  }
  std::cout << "differential: " << sets << " policy sets, " << property << ", seed " << seed() << ", 0 differences\n";
}

/// The same sides of the same connections before and after; `wrong` sees both.
using SidePair = std::function<std::string(const ir::SideDecision& before, const ir::SideDecision& after)>;

std::string over_sides(Drawn& drawn, const FrontEnd& after, std::uint64_t& changed, const SidePair& wrong) {
  const FlowSource flows(after.resolved.cluster, after.resolved.policies);
  for (std::uint64_t i = 0; i < kFlowsOfASet && !flows.empty(); ++i) {
    const ir::Flow flow = flows.draw(drawn.random);
    for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress}) {
      const auto side = [&](const FrontEnd& front) {
        return decide_side(front.resolved.policies, front.resolved.cluster, flow, direction);
      };
      const ir::SideDecision a = side(drawn.front), b = side(after);
      changed += a.verdict != b.verdict;
      const std::string text = wrong(a, b);
      if (!text.empty())
        return to_text(flow) + " " + std::string(to_text(direction)) + "\n" + text + "\nbefore " + cell_text(cell_of(a)) +
               "\nafter  " + cell_text(cell_of(b));
    }
  }
  return "";
}

}  // namespace

TEST_CASE("an allow more denies nothing but by default deny", "[differential]") {
  std::uint64_t changed = 0;
  over_sets("with an allow more", kFlowsOfASet,
            [&](Drawn& drawn, const FrontEnd& after, const std::vector<Manifest>&) {
              return over_sides(drawn, after, changed, [](const ir::SideDecision& a, const ir::SideDecision& b) {
                if (a.verdict != ir::Verdict::Allowed || b.verdict != ir::Verdict::Denied) return "";
                // policy.md 4.1: only what no rule allowed can fall to the isolation that the new rule brings.
                const bool isolated = a.default_rule == ir::DefaultRule::DefaultAllow && b.reason == ir::DropReason::PolicyDenied;
                return isolated ? "" : "an allow rule more denies what was allowed";
              });
            },
            [](Drawn& drawn) { return with_more(drawn.random, drawn.cluster, drawn.policies, ir::Action::Allow); });
  CHECK(changed > 0);
}

TEST_CASE("a deny more allows nothing", "[differential]") {
  std::uint64_t changed = 0;
  over_sets("with a deny more", kFlowsOfASet,
            [&](Drawn& drawn, const FrontEnd& after, const std::vector<Manifest>&) {
              return over_sides(drawn, after, changed, [](const ir::SideDecision& a, const ir::SideDecision& b) {
                if (a.verdict != ir::Verdict::Denied || b.verdict == ir::Verdict::Denied) return "";
                // policy.md 4.3: enforcement `always` without any rule forgets the localhost allow; a first rule brings it back.
                const bool remembered = a.decided_by.empty() && b.default_rule == ir::DefaultRule::AllowLocalhost;
                return remembered ? "" : "a deny rule more allows what was denied";
              });
            },
            [](Drawn& drawn) { return with_more(drawn.random, drawn.cluster, drawn.policies, ir::Action::Deny); });
  CHECK(changed > 0);
}

TEST_CASE("the order of rules in their lists decides nothing", "[differential]") {
  std::uint64_t changed = 0;
  over_sets("rules shuffled", kFlowsOfASet,
            [&](Drawn& drawn, const FrontEnd& after, const std::vector<Manifest>&) {
              return over_sides(drawn, after, changed, [](const ir::SideDecision& a, const ir::SideDecision& b) {
                return cell_of(a).verdict == cell_of(b).verdict && a.reason == b.reason && a.match == b.match ? "" : "another answer";
              });
            },
            [](Drawn& drawn) { return manifests_of(drawn.random, drawn.cluster, shuffled_rules(drawn.random, drawn.policies)); });
  CHECK(changed == 0);
}

TEST_CASE("the order of files and documents changes nothing", "[differential]") {
  const auto same = [](Drawn& drawn, const FrontEnd& other, const std::vector<Manifest>&) {
    return difference(drawn.front, other);
  };
  over_sets("files shuffled", kFlowsOfASet, same, [](Drawn& drawn) { return shuffled(drawn.random, drawn.manifests); });
  over_sets("documents in one file", kFlowsOfASet, same, [](Drawn& drawn) { return in_one_file(drawn.random, drawn.manifests); });
}

TEST_CASE("print and parse are inverse", "[differential]") {
  over_sets("printed and read again", kFlowsOfASet,
            [](Drawn& drawn, const FrontEnd& other, const std::vector<Manifest>& manifests) {
              if (manifests != printed(manifests)) return std::string("printing twice gives another text");
              return difference(drawn.front, other);
            },
            [](Drawn& drawn) { return printed(drawn.manifests); });
}

TEST_CASE("compiling twice gives the same bytes", "[differential]") {
  over_sets("compiled twice", kFlowsOfASet,
            [](Drawn& drawn, const FrontEnd& other, const std::vector<Manifest>&) {
              const bool same = drawn.front.resolved.cluster == other.resolved.cluster &&
                                drawn.front.resolved.policies == other.resolved.policies &&
                                drawn.front.diagnostics.list() == other.diagnostics.list();
              if (!same) return std::string("another value");
              return tables_text(drawn.front) == tables_text(other) ? difference(drawn.front, other) : "other tables";
            },
            [](Drawn& drawn) { return drawn.manifests; });
}

}  // namespace weir::tests
