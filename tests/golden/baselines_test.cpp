// Every file of policies/invariants says something: all its statements hold for testdata/baselines/NAME/good.yaml, and each
// one is violated by bad.yaml there. shop.weir belongs to policies/examples.

#include <catch2/catch.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/run_program.h"

using namespace weir::tests;
namespace fs = std::filesystem;

namespace {

const fs::path kRoot = WEIR_SOURCE_DIR, kBaselines = kRoot / "policies/invariants", kCases = kRoot / "testdata/baselines";

/// The answers of `weir verify`, in the order of the statements.
std::vector<std::string> answers(const std::string& weir, const fs::path& manifests, const fs::path& invariants) {
  const Ran ran = run_program({weir, "verify", manifests.string(), "--invariants", invariants.string(), "-o", "json", "--now", "2026-06-15T00:00:00Z"}, kRoot);
  INFO(ran.err);
  REQUIRE((ran.exit_code == 0 || ran.exit_code == 1));
  std::vector<std::string> all;
  const auto report = nlohmann::json::parse(ran.out);
  for (const auto& proof : report.at("proofs")) all.push_back(proof.at("status"));
  return all;
}

}  // namespace

TEST_CASE("baselines hold where they should and are violated where they should be", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  int files = 0;
  std::size_t statements = 0;
  for (const auto& entry : fs::directory_iterator(kBaselines)) {
    const fs::path name = entry.path().stem();
    INFO(name);
    const bool example = name == "shop";
    const auto good = answers(*weir, example ? kRoot / "policies/examples" : kCases / name / "good.yaml", entry.path());
    CHECK(std::set<std::string>(good.begin(), good.end()) == std::set<std::string>{"holds"});
    ++files, statements += good.size();
    if (example) continue;
    const auto bad = answers(*weir, kCases / name / "bad.yaml", entry.path());
    CHECK(std::set<std::string>(bad.begin(), bad.end()) == std::set<std::string>{"violated"});
    CHECK(good.size() == bad.size());
  }
  CHECK(files > 4);
  std::cout << "baselines: " << files << " files, " << statements << " statements\n";
}

TEST_CASE("a folder of invariants is all its files, and one without any is refused", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const auto run = [&](const std::string& folder) {
    return run_program({*weir, "verify", "policies/examples", "--invariants", folder, "-o", "json", "--now", "2026-06-15T00:00:00Z"}, kRoot);
  };
  const Ran all = run("policies/invariants");
  INFO(all.err);
  std::set<std::string> places;
  const auto report = nlohmann::json::parse(all.out);
  for (const auto& proof : report.at("proofs")) places.insert(proof.at("property").get<std::string>());
  CHECK(places.size() > 20);
  CHECK(run("policies/examples").exit_code == 2);
  CHECK(run("policies/nowhere").exit_code == 2);
}
