// Planted defects, testdata/planted/CASE/: bad.yaml is one mistake in the cluster of base.yaml, clean.yaml its twin without
// it, with invariants of the same name beside them where there are any. `weir verify` finds in the bad one exactly what
// expect.txt says ("CODE:LINE" of a file beside the base, one a line) and in the clean one nothing at all. arguments.txt holds
// further arguments. WEIR_UPDATE_GOLDEN=1 writes expect.txt. A new case touches no C++. Every code of a finding has one.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>

#include "ir/base/diagnostic.h"
#include "tests/run_program.h"

using namespace weir;
using namespace weir::tests;
namespace fs = std::filesystem;

namespace {

const fs::path kPlanted = fs::path(WEIR_SOURCE_DIR) / "testdata/planted";

Ran verify_case(const std::string& weir, const std::vector<std::string>& files, const fs::path& folder) {
  std::vector<std::string> arguments = {weir, "verify"};
  arguments.insert(arguments.end(), files.begin(), files.end());
  arguments.insert(arguments.end(), {"-o", "json", "--now", "2026-06-15T00:00:00Z"});
  const fs::path invariants = fs::path(files.back()).replace_extension(".weir");
  if (fs::exists(kPlanted / invariants)) arguments.insert(arguments.end(), {"--invariants", invariants.string()});
  if (fs::exists(folder / "arguments.txt")) {
    std::istringstream words(read_whole(folder / "arguments.txt"));
    for (std::string word; words >> word;) arguments.push_back(word);
  }
  return run_program(arguments, kPlanted);
}

/// "WEIR0203:7" for each finding, sorted.
std::string found(const Ran& ran) {
  std::vector<std::string> lines;
  const auto json = nlohmann::json::parse(ran.out, nullptr, false);
  if (json.is_discarded()) return "no report: " + ran.err;
  for (const auto& finding : json["findings"])
    lines.push_back(finding["code"].get<std::string>() + ":" + std::to_string(finding.value("line", 0)) + "\n");
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

}  // namespace

TEST_CASE("the cluster that defects are planted in has none", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const Ran ran = verify_case(*weir, {"base.yaml"}, kPlanted);
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(found(ran).empty());
}

TEST_CASE("every planted defect is found and its clean twin has none", "[golden]") {
  const auto weir = weir_binary();
  if (!weir) return;
  std::size_t cases = 0;
  std::set<std::string> codes;
  for (const auto& entry : fs::directory_iterator(kPlanted)) {
    if (!entry.is_directory()) continue;
    const fs::path& folder = entry.path();
    const std::string name = folder.filename();
    INFO(name);
    const Ran bad = verify_case(*weir, {"base.yaml", name + "/bad.yaml"}, folder);
    const std::string actual = found(bad);
    if (std::getenv("WEIR_UPDATE_GOLDEN")) std::ofstream(folder / "expect.txt", std::ios::binary) << actual;
    CHECK(actual == read_whole(folder / "expect.txt"));
    CHECK(actual.starts_with("WEIR"));
    const Ran clean = verify_case(*weir, {"base.yaml", name + "/clean.yaml"}, folder);
    CHECK(found(clean).empty());
    CHECK(clean.exit_code == 0);
    ++cases;
    for (std::size_t at = 0; at < actual.size(); at = actual.find('\n', at) + 1) codes.insert(actual.substr(at, 8));
  }
  CHECK(cases >= 50);
  for (const ir::CodeInfo& info : ir::all_codes()) {
    // Effect::Finding: what is well formed and still wrong. Codes 06 speak of recordings, which verify does not read.
    if (info.effect != ir::Effect::Finding || info.id.starts_with("WEIR06")) continue;
    INFO(info.id << " has no planted defect");
    CHECK(codes.contains(std::string(info.id)));
  }
  std::printf("planted: %zu defects of %zu codes found, their clean twins have none\n", cases, codes.size());
}
