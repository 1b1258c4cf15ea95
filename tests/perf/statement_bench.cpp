// Statements of the invariant language over generated clusters. Prints milliseconds; the bounds are ratios within one run, or
// far above what was seen.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <iostream>
#include <random>

#include "compiler/invariants/invariants.h"
#include "compiler/verify/party.h"
#include "compiler/verify/questions.h"
#include "compiler/verify/solver.h"
#include "compiler/verify/verify.h"
#include "tests/perf/verify_world.h"

namespace weir::perf {
namespace {

using namespace weir::compiler;

Invariants read_statements(const std::string& text, ir::Files& files) {
  ir::Diagnostics diagnostics;
  const ir::FileId file = files.add({"bench.weir", std::make_shared<const std::string>(text)});
  Invariants read = read_invariants(file, files, diagnostics);
  REQUIRE(diagnostics.list().empty());
  return read;
}

/// `deny from labels: to labels:`, of the namespaces and apps that big_cluster.h writes.
std::string deny_statements(int count, std::uint32_t spaces) {
  std::mt19937_64 random(1);
  std::string text;
  for (int i = 0; i < count; ++i)
    text += fmt::format("deny from labels:ns-{}/app=app-{} to labels:ns-{}/app=app-{}\n", random() % spaces, random() % 10, random() % spaces, random() % 10);
  return text;
}

std::vector<Question> questions_of_all(const Space& space, const ir::PolicySet& policies, const Invariants& all) {
  std::vector<Question> questions;
  const std::set<std::string> keys = label_keys(policies);
  for (const Invariant& one : all.statements) {
    const auto some = questions_of(space, keys, one, {});
    REQUIRE(some.has_value());
    questions.insert(questions.end(), some->parts.begin(), some->parts.end());
  }
  return questions;
}

using Statuses = std::vector<SolverStatus>;

}  // namespace

TEST_CASE("200 statements for the solver alone", "[perf]") {
  constexpr std::uint32_t kMillis = 60'000;
  World world = make_world({2'000, 200});
  const ir::PolicySet& policies = world.resolved.policies;
  const Space space(world.resolved.cluster);
  const auto questions = questions_of_all(space, policies, read_statements(deny_statements(200, 11), world.files));
  Statuses fresh, together;
  const double one_by_one = best_ms(1, [&] {
    for (const Question& question : questions) fresh.push_back(Solver(space, policies, kMillis).passing(question, true).status);
  });
  double slowest = 0;
  const double in_session = best_ms(1, [&] {
    Solver solver(space, policies, kMillis);
    for (const Question& question : questions)
      slowest = std::max(slowest, best_ms(1, [&] { together.push_back(solver.passing(question, true).status); }));
  });
  std::cout << "perf: " << questions.size() << " questions to z3 about " << policies.rules.size() << " rules: a session for each " << one_by_one
            << " ms, one session " << in_session << " ms (slowest " << slowest << " ms), ratio " << one_by_one / in_session << "\n";
  CHECK(fresh == together);
  CHECK(std::count(fresh.begin(), fresh.end(), SolverStatus::Unknown) == 0);
  CHECK(in_session * 5 < one_by_one);
}

TEST_CASE("statements over 10,000 pods", "[perf]") {
  World world = make_world({10'000, 500});
  for (const char* text :
       {"deny from namespace:ns-1 to namespace:ns-2 on 443", "only namespace:ns-1 may reach labels:ns-2/app=app-3 on 8080",
        "every pod in namespace:ns-3 has ingress policy", "isolated namespace:ns-4", "egress-bandwidth of namespace:ns-5 at most 100M",
        "deny from workload:ns-6/app-1 to namespace:ns-7", "deny from cidr:10.0.0.0/16 to namespace:ns-8 on 443"}) {
    const Invariants one = read_statements(std::string(text) + "\n", world.files);
    const ir::PolicySet& policies = world.resolved.policies;
    const auto timed = [&](const Invariants& asked, VerifyReport& report) {
      ir::Diagnostics diagnostics;
      return best_ms(3, [&] { report = verify(policies, world.resolved.cluster, asked, world.files, {}, diagnostics); });
    };
    VerifyReport without, with;
    const double findings = timed({}, without), all = timed(one, with);
    REQUIRE(with.proofs.size() == 1);
    const ProofResult& proof = with.proofs.front();
    std::cout << "perf: `" << text << "` over " << world.resolved.cluster.pods.size() << " pods, " << policies.rules.size() << " rules: "
              << proof.millis << " ms (" << to_text(proof.status) << ", " << proof.method << (proof.why.empty() ? "" : ", " + proof.why)
              << "), verify without it " << findings << " ms, with it " << all << " ms\n";
    CHECK(proof.millis < 1000);
  }
}

}  // namespace weir::perf
