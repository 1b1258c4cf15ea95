// A case folder testdata/golden/NAME with a test.yaml is a PolicyTest that must pass (cli.md "Policy tests").
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>

#include "simulator/ask/test.h"

namespace fs = std::filesystem;
using namespace weir;

namespace {

std::vector<fs::path> cases() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator("testdata/golden"))
    if (fs::exists(entry.path() / "test.yaml")) found.push_back(entry.path() / "test.yaml");
  std::sort(found.begin(), found.end());
  return found;
}

std::string errors(const ir::Diagnostics& diagnostics, const ir::Files& files) {
  std::string text;
  for (const ir::Diagnostic& d : diagnostics.list())
    if (ir::info(d.kind).effect != ir::Effect::Finding) text += ir::to_text(files, d.primary) + ": " + d.detail + "\n";
  return text;
}

template <class Checks>
std::string problems(const Checks& checks) {
  std::string text;
  for (const auto& check : checks)
    for (const std::string& problem : check.problems) text += check.name + ": " + problem + "\n";
  return text;
}

}  // namespace

TEST_CASE("the cases' policy tests pass", "[golden]") {
  fs::current_path(WEIR_SOURCE_DIR);
  std::size_t verdicts = 0, requests = 0;
  for (const fs::path& path : cases()) {
    ir::Files files;
    ir::Diagnostics diagnostics;
    const auto tests = simulator::load_tests({path.generic_string()}, files, diagnostics);
    REQUIRE(tests);
    INFO(path.string());
    CHECK(errors(diagnostics, files) == "");
    CHECK_FALSE(tests->empty());
    for (const compiler::PolicyTest& test : *tests) {
      const auto result = simulator::run_test(test, {}, files, diagnostics);
      INFO(test.name << (result ? "" : ": " + result.error().message));
      CHECK(errors(diagnostics, files) == "");
      REQUIRE(result);
      CHECK(problems(result->checks) + problems(result->routes) == "");
      verdicts += result->checks.size();
      requests += result->routes.size();
    }
  }
  std::printf("golden: %zu verdicts, %zu requests\n", verdicts, requests);
  CHECK(verdicts >= 60);
  CHECK(requests >= 40);
}
