// A case is a folder testdata/replay/NAME or testdata/diff/NAME/{arguments, expect.FORMAT}; adding one touches no C++ and no CMake.
// WEIR_UPDATE_GOLDEN=1 writes what came out; review it with git diff.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "tests/run_program.h"

namespace fs = std::filesystem;

namespace weir::tests {
namespace {

std::vector<fs::path> sorted(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// What standard error said, the output and the exit code.
std::string outcome(const Ran& ran) {
  std::string text, line;
  for (std::istringstream said(ran.err); std::getline(said, line);) text += "! " + line + "\n";
  return text + ran.out + "exit code " + std::to_string(ran.exit_code) + "\n";
}

/// Every case of testdata/COMMAND; returns how many there are.
int check_cases(const std::string& weir, const std::string& name_of_command) {
  const fs::path root = fs::path(WEIR_SOURCE_DIR) / "testdata" / name_of_command;
  int checked = 0;
  for (const fs::path& folder : sorted(root)) {
    if (!fs::exists(folder / "arguments")) continue;
    std::istringstream words(read_whole(folder / "arguments"));
    const std::vector<std::string> arguments{std::istream_iterator<std::string>(words), {}};
    const int before = checked;
    for (const fs::path& expect : sorted(folder)) {
      const std::string name = expect.filename();
      if (name.rfind("expect.", 0) != 0) continue;
      std::vector<std::string> command = {weir, name_of_command};
      command.insert(command.end(), arguments.begin(), arguments.end());
      command.insert(command.end(), {"-o", name.substr(7)});
      const std::string actual = outcome(run_program(command, root));
      if (std::getenv("WEIR_UPDATE_GOLDEN")) std::ofstream(expect, std::ios::binary) << actual;
      INFO(expect.string());
      CHECK(actual == read_whole(expect));
      ++checked;
    }
    INFO(folder.string());
    CHECK(checked > before);  // each case expects something
  }
  return checked;
}

}  // namespace

TEST_CASE("replays and diffs print what they printed before", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const int replays = check_cases(*weir, "replay"), diffs = check_cases(*weir, "diff");
  std::printf("golden: %d replays, %d diffs\n", replays, diffs);
  CHECK(replays > 0);
  CHECK(diffs > 0);
}

}  // namespace weir::tests
