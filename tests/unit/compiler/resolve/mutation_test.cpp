// Good manifests with one thing broken, thousands of them: the front end never crashes, says where, says the same twice, and
// never lets a policy with an error in it become a rule.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/unit/compiler/resolve/support.h"

namespace weir::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::vector<std::string>> seeds() {
  std::vector<fs::path> paths;
  for (const char* folder : {"policies/examples", "testdata/diagnostics"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(WEIR_SOURCE_DIR) / folder))
      if (entry.path().extension() == ".yaml" && entry.file_size() < 20'000) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::vector<std::string>> out;
  for (const fs::path& path : paths) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    if (!lines.empty()) out.push_back(std::move(lines));
  }
  return out;
}

/// One line changed: its value replaced, the line removed, doubled, moved in, or a key misspelt.
void mutate(std::vector<std::string>& lines, std::mt19937& random) {
  static const char* const values[] = {"[]", "{}", "null", "-1", "\"x\"", "true", "99999999999999999999", "[{}]", "{a: b}", "[[]]",
                                       "0", "''", "[null]", "10.0.0.0/8", "{matchLabels: {a: b}}", "[{matchExpressions: [{}]}]", "~"};
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::size_t at = pick(lines.size());
  std::string& line = lines[at];
  const std::size_t colon = line.find(": ");
  switch (pick(6)) {
    case 0: lines.erase(lines.begin() + static_cast<long>(at)); break;
    case 1: lines.insert(lines.begin() + static_cast<long>(at), line); break;
    case 2: line = "  " + line; break;
    case 3:
      if (colon != std::string::npos && colon > 0) line.erase(colon - 1, 1);
      break;
    case 4:
      if (!line.empty()) line.erase(pick(line.size()), 1 + pick(3));
      break;
    default:
      if (colon != std::string::npos) line = line.substr(0, colon + 2) + values[pick(std::size(values))];
  }
}

std::string join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST_CASE("broken manifests never crash the front end", "[resolve]") {
  const auto files = seeds();
  REQUIRE(files.size() > 50);
  std::mt19937 random(20261122);
  std::size_t errors = 0, rules = 0;
  for (int round = 0; round < 6000; ++round) {
    std::vector<std::string> lines = files[random() % files.size()];
    for (std::size_t i = 0; i <= random() % 2 && !lines.empty(); ++i) mutate(lines, random);
    const std::string text = join(lines);
    const Run result = run(text);
    const std::size_t documents = result.resolved.policies.policies.size();
    for (const ir::Diagnostic& d : result.diagnostics.list())
      if (!d.primary.known() || d.detail.empty() || d.detail.size() > 600) FAIL("round " << round << ": " << d.detail << "\n" << text);
    if (result.resolved.policies.rules.size() < documents) FAIL("round " << round << ": a policy without a rule\n" << text);
    if (round % 50 == 0) CHECK(diagnostics_text(run(text)) == diagnostics_text(result));
    errors += result.diagnostics.has_errors() ? 1 : 0;
    rules += result.resolved.policies.rules.size();
  }
  CHECK(errors > 1000);
  CHECK(rules > 1000);
}

}  // namespace
}  // namespace weir::test
