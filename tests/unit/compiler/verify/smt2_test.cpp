// `--emit smt2` read by the z3 program of the system: it answers what weir answers.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstring>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include "compiler/invariants/invariants.h"
#include "compiler/verify/verify.h"
#include "tests/unit/compiler/verify/random_policies.h"

using namespace weir::compiler;
using namespace weir::test;
namespace fs = std::filesystem;

namespace {

/// The lines "sat" and "unsat" that z3 prints for the text.
std::vector<std::string> z3_answers(const std::string& text) {
  const fs::path file = fs::temp_directory_path() / ("weir-" + std::to_string(std::random_device{}()) + ".smt2");
  std::ofstream(file) << text;
  FILE* pipe = popen(("z3 -T:60 '" + file.string() + "'").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::vector<std::string> answers;
  char line[256];
  while (std::fgets(line, sizeof line, pipe) != nullptr) answers.emplace_back(line, std::strcspn(line, "\n"));
  pclose(pipe);
  fs::remove(file);
  return answers;
}

const std::string kStatements =
    "deny from namespace:a to namespace:b on 80\nallow from namespace:a to namespace:b\ndeny from labels:a/app=x to labels:b/tier=y\n"
    "allow from namespace:b to entity:world on 443\nonly namespace:a may reach labels:a/app=x on 1-1000\nisolated namespace:b\n"
    "deny from namespace:a to namespace:b\nexcept from labels:a/app=x to namespace:b on 80 because \"x\" until 2999-01-01\n";

}  // namespace

TEST_CASE("stock z3 answers each question as weir does", "[invariants][verify]") {
  if (std::system("command -v z3 >/dev/null 2>&1") != 0) {
    std::cout << "SKIPPED: z3 is not installed\n";
    return;
  }
  Files files;
  Diagnostics reading;
  const FileId file = files.add({"test.weir", std::make_shared<const std::string>(kStatements)});
  const Invariants all = read_invariants(file, files, reading);
  REQUIRE((reading.list().empty() && all.statements.size() == 7));
  int compared = 0, broken = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    RandomPolicies random(seed, seed % 2 == 0);
    const Cluster cluster = random.cluster();
    const PolicySet policies = random.policies(6);
    for (const Invariant& one : all.statements) {
      INFO("seed " << seed << ": " << to_text(one));
      Diagnostics diagnostics;
      const Invariants alone{{one}};
      const VerifyReport report = verify(policies, cluster, alone, files, {}, diagnostics);
      const std::vector<std::string> answers = z3_answers(smt2(policies, cluster, alone, files));
      REQUIRE(report.proofs.size() == 1);
      REQUIRE_FALSE(answers.empty());
      for (const std::string& answer : answers) REQUIRE((answer == "sat" || answer == "unsat"));
      const bool sat = std::find(answers.begin(), answers.end(), "sat") != answers.end();
      CHECK(to_text(report.proofs[0].status) == (sat ? "violated" : "holds"));
      ++compared, broken += sat;
    }
  }
  std::cout << "smt2: " << compared << " statements, " << broken << " of them violated, answered alike by z3\n";
  CHECK(broken > compared / 10);
  CHECK(broken < compared * 9 / 10);
}
