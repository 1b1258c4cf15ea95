// What docs/howto/routes.md tells people to type prints what it shows. A line `...` ends what is compared.
#include <catch2/catch.hpp>

#include "tests/run_program.h"

using namespace weir::tests;
namespace fs = std::filesystem;

namespace {

const fs::path kRoot = WEIR_SOURCE_DIR;

struct Shown {
  std::string command, output;
};

/// Every `    $ weir ...` of a page with the indented lines behind it.
std::vector<Shown> shown(const std::string& page) {
  std::vector<Shown> found;
  std::istringstream lines(page);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    const bool indented = line.starts_with("    ");
    if (indented && line.starts_with("    $ weir ")) {
      found.push_back({line.substr(6), ""});
      inside = true;
    } else if (!indented || line == "    ...") {
      inside = false;
    } else if (inside) {
      found.back().output += line.substr(4) + "\n";
    }
  }
  return found;
}

}  // namespace

TEST_CASE("the commands of docs/howto/routes.md", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const std::vector<Shown> commands = shown(read_whole(kRoot / "docs/howto/routes.md"));
  CHECK(commands.size() >= 3);
  for (const Shown& one : commands) {
    INFO(one.command);
    std::istringstream text(one.command);
    std::vector<std::string> words;
    for (std::string word; text >> word;) words.push_back(word);
    words.front() = *weir;
    const Ran ran = run_program(words, kRoot);
    CHECK(ran.exit_code != 2);
    CHECK(ran.out.substr(0, one.output.size()) == one.output);
    CHECK_FALSE(one.output.empty());
  }
}
