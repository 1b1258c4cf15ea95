// Every code of ir/base/diagnostics.def has a page docs/diagnostics/CODE.md and a folder testdata/diagnostics/CODE/:
// the program reports the code for bad.*, and not for good.*. `command.txt` there holds the arguments when they are not
// `validate bad.yaml`; for the good case each `bad.` in it is `good.`. `expect.txt`, where it is kept, is what a person
// sees for the bad case; WEIR_UPDATE_GOLDEN=1 writes it. A new case touches no C++.

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "cli/report/explain.h"
#include "ir/base/diagnostic.h"
#include "tests/run_program.h"

using namespace weir;
using namespace weir::tests;
namespace fs = std::filesystem;

namespace {

const fs::path kRoot = WEIR_SOURCE_DIR;

/// The day on which dates in the cases are judged.
constexpr std::string_view kNow = "2026-06-15T00:00:00Z";

std::vector<std::string> command_of(const fs::path& folder, const std::string& which) {
  std::string text = "validate bad.yaml";
  if (fs::exists(folder / "command.txt")) text = read_whole(folder / "command.txt");
  for (std::size_t at = text.find("bad."); at != std::string::npos; at = text.find("bad.", at + which.size())) text.replace(at, 3, which);
  std::stringstream words(text);
  std::vector<std::string> arguments;
  for (std::string word; words >> word;) arguments.push_back(word);
  return arguments;
}

Ran run_case(const std::string& weir, const fs::path& folder, const std::string& which, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = command_of(folder, which);
  arguments.insert(arguments.begin(), weir);
  arguments.insert(arguments.end(), more.begin(), more.end());
  arguments.insert(arguments.end(), {"--now", std::string(kNow)});
  return run_program(arguments, folder);
}

bool names(const Ran& ran, std::string_view code) {
  return ran.out.find(code) != std::string::npos || ran.err.find(code) != std::string::npos;
}

std::vector<ir::CodeInfo> codes() { return ir::all_codes(); }

}  // namespace

TEST_CASE("codes are well formed and never twice", "[golden]") {
  std::set<std::string_view> ids, slugs;
  for (const ir::CodeInfo& info : codes()) {
    INFO(info.id);
    CHECK(info.id.size() == 8);
    CHECK(info.id.starts_with("WEIR"));
    CHECK(ids.insert(info.id).second);
    CHECK(slugs.insert(info.slug).second);
  }
}

TEST_CASE("every code has a page that `weir explain` shows", "[golden]") {
  for (const ir::CodeInfo& info : codes()) {
    INFO(info.id);
    const std::string id(info.id), page = read_whole(kRoot / "docs/diagnostics" / (id + ".md"));
    CHECK(page.starts_with("# " + id));
    CHECK(page.find(info.slug) != std::string::npos);
    CHECK(std::count(page.begin(), page.end(), '\n') > 8);
    for (const char* part : {"\n## Bad\n", "\n## Good\n"}) CHECK(page.find(part) != std::string::npos);
    const auto shown = cli::explain(info.slug);
    CHECK((shown && *shown == page));
  }
  CHECK(cli::embedded_pages().size() == codes().size());
}

TEST_CASE("every folder of cases belongs to a code", "[golden]") {
  std::set<std::string> known;
  for (const ir::CodeInfo& info : codes()) known.insert(std::string(info.id));
  for (const auto& entry : fs::directory_iterator(kRoot / "testdata/diagnostics")) CHECK(known.count(entry.path().filename()) == 1);
}

TEST_CASE("the bad case gives the code and the good case does not", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  for (const ir::CodeInfo& info : codes()) {
    const fs::path folder = kRoot / "testdata/diagnostics" / info.id;
    INFO(info.id);
    CHECK(fs::exists(folder));
    if (!fs::exists(folder)) continue;
    const Ran bad = run_case(*weir, folder, "bad", {"-o", "json"}), good = run_case(*weir, folder, "good", {"-o", "json"});
    INFO("bad: exit " << bad.exit_code << "\n" << bad.out.substr(0, 600) << bad.err.substr(0, 600));
    INFO("good: exit " << good.exit_code << "\n" << good.out.substr(0, 600) << good.err.substr(0, 600));
    CHECK(names(bad, info.id));
    CHECK_FALSE(names(good, info.id));
    CHECK((bad.exit_code == 0 || bad.exit_code == 1 || bad.exit_code == 3 || bad.exit_code == 4));
    CHECK((good.exit_code == 0 || good.exit_code == 1 || good.exit_code == 4));
  }
}

TEST_CASE("what a person sees of the bad case", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  for (const ir::CodeInfo& info : codes()) {
    const fs::path folder = kRoot / "testdata/diagnostics" / info.id, expect = folder / "expect.txt";
    if (!fs::exists(expect)) continue;
    const std::string actual = run_case(*weir, folder, "bad", {}).err;
    if (std::getenv("WEIR_UPDATE_GOLDEN")) std::ofstream(expect, std::ios::binary) << actual;
    INFO(expect);
    CHECK(actual == read_whole(expect));
  }
}
