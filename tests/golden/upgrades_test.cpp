// A case is a folder testdata/upgrades/NAME: command.txt holds the arguments of `weir diff`, out.txt and out.json what it
// prints with exit code `exit.txt`. WEIR_UPDATE_GOLDEN=1 writes them; a new case touches no C++.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/run_program.h"

using namespace weir::tests;
namespace fs = std::filesystem;

namespace {

Ran run_case(const std::string& weir, const fs::path& folder, const std::string& format) {
  std::vector<std::string> arguments = {weir};
  std::stringstream words(read_whole(folder / "command.txt"));
  for (std::string word; words >> word;) arguments.push_back(word);
  arguments.insert(arguments.end(), {"-o", format});
  return run_program(arguments, folder);
}

void compare(const fs::path& expect, const std::string& actual) {
  if (std::getenv("WEIR_UPDATE_GOLDEN")) std::ofstream(expect, std::ios::binary) << actual;
  INFO(expect.string());
  CHECK(actual == read_whole(expect));
}

}  // namespace

TEST_CASE("what an upgrade changes", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(fs::path(WEIR_SOURCE_DIR) / "testdata/upgrades")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    const Ran text = run_case(*weir, folder, "text"), json = run_case(*weir, folder, "json");
    INFO(text.err);
    compare(folder / "out.txt", text.out);
    compare(folder / "out.json", json.out);
    compare(folder / "exit.txt", std::to_string(text.exit_code) + "\n");
    CHECK(json.exit_code == text.exit_code);
  }
  std::printf("upgrades: %zu cases\n", folders.size());
  CHECK(!folders.empty());
}

TEST_CASE("diff asks for what it needs", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const fs::path folder = fs::path(WEIR_SOURCE_DIR) / "testdata/upgrades/from-1.18";
  CHECK(run_program({*weir, "diff", "input.yaml", "input.yaml"}, folder).exit_code == 3);
  CHECK(run_program({*weir, "diff", "--dialect-from", "cilium-1.18", "input.yaml"}, folder).exit_code == 2);
  CHECK(run_program({*weir, "diff", "--dialect-from", "cilium-1.18", "--dialect-to", "cilium-9", "input.yaml"}, folder).exit_code == 2);
  CHECK(run_program({*weir, "diff", "--dialect-from", "cilium-1.18", "--dialect-to", "cilium-1.20", "-o", "csv", "input.yaml"}, folder).exit_code == 2);
  CHECK(run_program({*weir, "diff", "--dialect-from", "cilium-1.18", "--dialect-to", "cilium-1.20", "none.yaml"}, folder).exit_code == 2);
  // Nothing differs between a dialect and itself.
  CHECK(run_program({*weir, "diff", "--dialect-from", "cilium-1.18", "--dialect-to", "cilium-1.18", "--exit-code", "input.yaml"}, folder).exit_code == 0);
}
