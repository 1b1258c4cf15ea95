// Three engines, one meaning: for random policy sets and questions, Z3's encoding of policy.md 4.2, the set algebra and the
// reference evaluator must agree. Every model is decoded and asked again; every "there is none" is sampled.
#include <catch2/catch.hpp>

#include "compiler/verify/approximate.h"
#include "compiler/verify/cover.h"
#include "compiler/verify/reach.h"
#include "compiler/verify/solver.h"
#include "tests/unit/compiler/verify/random_policies.h"

using namespace weir::compiler;
using namespace weir::test;

namespace {

constexpr unsigned kSeed = 7;
constexpr std::uint32_t kMillis = 10000;
constexpr std::size_t kPieces = 20000;

Question random_question(RandomPolicies& random, const Space& space) {
  Question question;
  for (std::vector<EndBox>* ends : {&question.sources, &question.destinations}) {
    if (random.pick(4) == 0) *ends = space.everyone();
    while (ends->empty())
      if (auto pods = space.pods_of(random.selector(true))) ends->push_back(std::move(*pods));
  }
  if (random.pick(3)) question.ports = ports_of(std::vector<PortMatch>{random.port()});
  return question;
}

bool inside(const Space& space, const std::vector<EndBox>& boxes, const Endpoint& end, const Endpoint& other) {
  return std::any_of(boxes.begin(), boxes.end(), [&](const EndBox& box) {
    const EndKind& kind = space.kinds()[box.kind];
    if (kind.addressed && (!end.address || !box.addresses.contains(*end.address))) return false;
    if (kind.kind != end.kind) return false;
    if (box.kind != 0) {
      LabelSet shown = peer_labels(end, other);
      std::erase_if(shown.labels, [](const Label& label) { return label.source != "reserved"; });
      return kind.labels == shown;
    }
    return std::all_of(box.labels.keys.begin(), box.labels.keys.end(), [&](const auto& item) {
      const Label like = box_label(item.first, "");
      const Label* label = end.labels.find(like.source, like.key);
      return label ? item.second.contains(label->value) : item.second.absent;
    });
  });
}

bool inside(const Space& space, const Question& question, const Flow& flow) {
  return contains(question.ports, {flow.protocol, flow.port}) && inside(space, question.sources, flow.source, flow.destination) &&
         inside(space, question.destinations, flow.destination, flow.source);
}

/// How often each outcome was seen: a test that only ever meets one of them proves little.
struct Seen { int found = 0, none = 0, sampled = 0; };

void compare(RandomPolicies& random, bool tiers, bool passes, Seen& seen) {
  const Cluster cluster = random.cluster();
  const Space space(cluster);
  PolicySet written = random.policies(6);
  std::erase_if(written.rules, [](const Rule& rule) { return rule.audit; });
  // Without doubt there is nothing to approximate.
  const PolicySet policies = approximate(space, written, passes ? Bias::Permissive : Bias::Restrictive);
  REQUIRE((has_doubt(space, written) || policies == written));
  REQUIRE_FALSE(has_doubt(space, policies));
  const RuleSpace rules(space, policies);
  const Question question = random_question(random, space);
  std::string text;
  for (const Rule& rule : policies.rules) text += to_text(rule, policies);
  INFO(text);
  const Verdict wanted = passes ? Verdict::Allowed : Verdict::Denied;
  Solver solver(space, policies, kMillis);
  const SolverAnswer answer = solver.passing(question, passes);
  REQUIRE(answer.status != SolverStatus::Unknown);
  if (answer.status == SolverStatus::Found) {
    ++seen.found;
    INFO("model " << to_text(answer.model->flow));
    REQUIRE(inside(space, question, answer.model->flow));
    REQUIRE(decide(policies, cluster, answer.model->flow).verdict == wanted);
  } else {
    ++seen.none;
    for (int i = 0; i < 400; ++i) {
      const Flow flow = random.flow(cluster);
      if (!inside(space, question, flow)) continue;
      ++seen.sampled;
      INFO("sample " << to_text(flow.source.labels) << " " << to_text(flow.destination.labels) << " " << to_text(flow));
      REQUIRE(decide(policies, cluster, flow).verdict != wanted);
    }
  }
  const Reach reach = passes ? find_passing(rules, question, kPieces) : find_not_passing(rules, question, kPieces);
  if (tiers && !reach.settled) return;
  REQUIRE(reach.settled);
  REQUIRE(reach.example.has_value() == (answer.status == SolverStatus::Found));
  if (reach.example) REQUIRE(decide(policies, cluster, reach.example->flow).verdict == wanted);
}

}  // namespace

TEST_CASE("Z3, set algebra and evaluator give the same answers", "[verify][z3]") {
  struct Case { std::string_view why; RandomParts parts; bool passes; };
  const RandomParts plain, tiers{.tiers = true}, outside{.names = true, .nodes = true, .l7 = true, .audit = true};
  const auto c = GENERATE_COPY(values<Case>({
      {"one tier, what passes (deny invariants)", plain, true},
      {"one tier, what does not pass (allow invariants)", plain, false},
      {"tiers and pass, what passes", tiers, true},
      {"tiers and pass, what does not pass", tiers, false},
      {"names, groups and labels of nodes, what passes", outside, true},
      {"names, groups and labels of nodes, what does not pass", outside, false},
      {"authentication that fails, what passes", RandomParts{.auth = true}, true},
      {"the whole language, what passes", RandomParts::all(), true},
      {"the whole language, what does not pass", RandomParts::all(), false}}));
  Seen seen;
  for (unsigned round = 0; round < 130; ++round) {
    INFO(c.why << ", seed " << kSeed + round);
    RandomPolicies random(kSeed + round, c.parts);
    compare(random, c.parts.tiers || c.parts.auth, c.passes, seen);
  }
  INFO(c.why << ": found " << seen.found << ", none " << seen.none << ", sampled " << seen.sampled);
  CHECK(seen.found > 20);
  CHECK(seen.none > 8);
  CHECK(seen.sampled > 100);
}

TEST_CASE("the two ways to read what is in doubt hold the evaluator between them", "[verify]") {
  RandomParts parts = RandomParts::all();
  parts.audit = false;
  Seen seen;
  int unknown = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    RandomPolicies random(seed, parts);
    const Cluster cluster = random.cluster();
    const Space space(cluster);
    const PolicySet policies = random.policies(8);
    const PolicySet open = approximate(space, policies, Bias::Permissive), closed = approximate(space, policies, Bias::Restrictive);
    for (int n = 0; n < 100; ++n) {
      const Flow flow = random.flow(cluster);
      const Verdict verdict = decide(policies, cluster, flow).verdict;
      INFO("seed " << seed << ": " << to_text(flow.source.labels) << " " << to_text(flow.destination.labels) << " " << to_text(flow));
      INFO(to_text(policies));
      if (verdict == Verdict::Allowed) REQUIRE(decide(open, cluster, flow).verdict == Verdict::Allowed);
      if (verdict == Verdict::Denied) REQUIRE(decide(closed, cluster, flow).verdict == Verdict::Denied);
      ++(verdict == Verdict::Allowed ? seen.found : verdict == Verdict::Denied ? seen.none : unknown);
    }
  }
  CHECK(seen.found > 1000);
  CHECK(seen.none > 1000);
  CHECK(unknown > 20);
}

TEST_CASE("set algebra and Z3 agree on what rules cover together", "[verify][z3]") {
  Seen seen;
  for (unsigned round = 0; round < 200; ++round) {
    RandomPolicies random(1000 + round, RandomParts{.names = round % 2 == 1, .nodes = round % 2 == 1});
    const Cluster cluster = random.cluster();
    const PolicySet policies = random.policies(8);
    const Space space(cluster);
    const RuleSpace rules(space, policies);
    INFO("seed " << 1000 + round);
    std::vector<RuleId> others;
    for (std::uint32_t i = 1; i < policies.rules.size(); ++i)
      if (policies.rules[i].direction == policies.rules[0].direction) others.push_back(RuleId{i});
    const Cover covered = cover(rules, rules.boxes(RuleId{0}), others, kPieces);
    REQUIRE(!covered.gave_up);
    Solver solver(space, policies, kMillis);
    const SolverAnswer answer = solver.left_out(RuleId{0}, others);
    REQUIRE(answer.status != SolverStatus::Unknown);
    REQUIRE(covered.complete == (answer.status == SolverStatus::None));
    if (!covered.complete) {
      ++seen.found;
      for (const Flow& flow : {covered.left_out->flow, answer.model->flow}) {
        REQUIRE(rule_matches(rules, RuleId{0}, flow, Reading::May));
        for (const RuleId other : others) REQUIRE(!rule_matches(rules, other, flow));
      }
    } else if (!rules.region(RuleId{0}).empty()) {
      ++seen.none;
    }
  }
  CHECK(seen.found > 50);
  CHECK(seen.none > 4);
}

TEST_CASE("a solver without time says unknown, never holds", "[verify][z3]") {
  RandomPolicies random(3, false);
  const Cluster cluster = random.cluster();
  const PolicySet policies = random.policies(40);
  const Space space(cluster);
  Solver solver(space, policies, 0);
  const Question everything{space.everyone(), space.everyone(), every_port()};
  // Z3 reads a timeout of 0 as none at all; weir must not.
  const SolverAnswer answer = solver.passing(everything, true);
  CHECK(answer.status == SolverStatus::Unknown);
  CHECK(!answer.why.empty());
}
