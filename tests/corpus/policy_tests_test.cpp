// Every PolicyTest of the corpus with zero wrong answers; gateway-api and seed with certificates. What is refused is counted
// by diagnostic code and by folder, so that a change shows. WEIR_CORPUS names the corpus; unset, the test is skipped.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <utility>

#include "simulator/ask/test.h"
#include "tests/corpus/corpus_copy.h"

namespace fs = std::filesystem;
using namespace weir;

namespace {

struct Tally {
  std::size_t tests = 0, verdicts = 0, requests = 0, wrong = 0, refused = 0, undecided = 0;
};

struct Totals {
  std::map<std::string, Tally> folders;
  std::map<std::string, std::size_t> refused_by;  // code -> tests
  std::string wrong, refused;                     // one line each
};

bool needs_certificates(const std::string& folder) { return folder == "gateway-api" || folder == "seed"; }

std::vector<fs::path> test_files(const fs::path& corpus) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(corpus)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".yaml") continue;
    if (entry.path().string().find("/bad-input/") != std::string::npos) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    if (bytes.str().find("kind: PolicyTest") != std::string::npos) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// The first diagnostic that refuses, as "WEIR0102 unsupported-field", with its detail for the list.
std::pair<std::string, std::string> refusing_code(const ir::Diagnostics& diagnostics) {
  for (const ir::Effect effect : {ir::Effect::Refuse, ir::Effect::Invalid})
    for (const ir::Diagnostic& diagnostic : diagnostics.list())
      if (ir::info(diagnostic.kind).effect == effect && ir::info(diagnostic.kind).severity == ir::Severity::Error)
        return {std::string(ir::info(diagnostic.kind).id) + " " + std::string(ir::info(diagnostic.kind).slug),
                diagnostic.detail};
  return {"a setting or resource", ""};
}

void count(const simulator::TestResult& result, const std::string& file, Tally& tally, Totals& totals) {
  const auto summary = simulator::summary_of({result});
  tally.tests += 1;
  tally.verdicts += result.checks.size();
  tally.requests += result.routes.size();
  tally.wrong += summary.failed;
  tally.undecided += summary.undecided;
  const auto report = [&](const auto& check) {
    for (const std::string& problem : check.problems)
      totals.wrong += file + " " + result.name + ": " + check.name + ": " + problem + "\n";
  };
  for (const auto& check : result.checks) report(check);
  for (const auto& check : result.routes) report(check);
}

/// One document at a time: a refused one does not hide its neighbours.
void run_file(const fs::path& path, const std::string& folder, Totals& totals) {
  Tally& tally = totals.folders[folder];
  const auto refuse = [&](const compiler::PolicyTest& test, const ir::Diagnostics& diagnostics, const std::string& error) {
    tally.refused += 1;
    const auto [code, detail] = refusing_code(diagnostics);
    totals.refused_by[code] += 1;
    totals.refused += "  " + folder + " " + test.name + ": " + code + ": " + (detail.empty() ? error : detail) + "\n";
  };
  ir::Files files;
  ir::Diagnostics reading;
  const auto tests = simulator::load_tests({path.string()}, files, reading);
  REQUIRE(tests);
  for (const compiler::PolicyTest& test : *tests) {
    ir::Diagnostics diagnostics;
    // What was wrong with this document itself: its spans lie between it and the next document.
    const auto next = std::find_if(tests->begin(), tests->end(), [&](const auto& t) { return t.origin > test.origin; });
    for (const ir::Diagnostic& d : reading.list())
      if (d.primary >= test.origin && (next == tests->end() || d.primary < next->origin)) diagnostics.report(d);
    if (diagnostics.has(ir::Effect::Refuse) || diagnostics.has(ir::Effect::Invalid)) {
      refuse(test, diagnostics, "");
      continue;
    }
    const auto result = simulator::run_test(test, {}, files, diagnostics);
    if (result)
      count(*result, path.string(), tally, totals);
    else
      refuse(test, diagnostics, result.error().message);
  }
}

}  // namespace

TEST_CASE("the corpus's policy tests", "[corpus]") {
  const char* corpus = std::getenv("WEIR_CORPUS");
  if (corpus == nullptr) {
    std::cout << "SKIPPED: WEIR_CORPUS is not set\n";
    return;
  }
  Totals totals;
  const tests::CertifiedCorpus copy(corpus);
  REQUIRE(copy.good());
  for (const fs::path& path : test_files(corpus)) {
    const std::string folder = *fs::relative(path, corpus).begin();
    if (!needs_certificates(folder)) run_file(path, folder, totals);
  }
  for (const fs::path& path : test_files(copy.path())) run_file(path, *fs::relative(path, copy.path()).begin(), totals);
  Tally all;
  for (const auto& [folder, tally] : totals.folders) {
    std::cout << folder << ": " << tally.tests << " tests ran, " << tally.verdicts << " verdicts, " << tally.requests
              << " requests, " << tally.wrong << " wrong, " << tally.refused << " refused\n";
    all.tests += tally.tests;
    all.verdicts += tally.verdicts;
    all.requests += tally.requests;
    all.wrong += tally.wrong;
    all.refused += tally.refused;
  }
  std::cout << "all: " << all.tests << " tests ran, " << all.verdicts << " verdicts, " << all.requests << " requests, "
            << all.wrong << " wrong, " << all.refused << " refused\n";
  for (const auto& [code, tests] : totals.refused_by) std::cout << "  refused by " << code << ": " << tests << " tests\n";
  std::cout << totals.refused << totals.wrong;
  CHECK(all.wrong == 0);
  // A reader that refuses everything must not pass.
  CHECK(all.verdicts >= 200);
  CHECK(all.requests >= 93);
  for (const char* folder : {"gateway-api", "seed"}) CHECK(totals.folders[folder].refused == 0);
}
