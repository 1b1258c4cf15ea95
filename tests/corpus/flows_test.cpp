// reliability.md C2 row 2: every fixture of bad-input/hostile-flows through the program, with its counts, time and memory;
// and every real recording at hand, all mixed.

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "compiler/source/load.h"
#include "tests/run_program.h"

using namespace weir;
using namespace weir::tests;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr long kMillis = 2000, kRssKib = 256 * 1024;

std::optional<fs::path> folder_of(const char* variable, const char* below) {
  const char* path = std::getenv(variable);
  if (path != nullptr && *path != 0) return fs::path(path) / below;
  std::cout << "SKIPPED: " << variable << " is not set\n";
  return std::nullopt;
}

struct Fixture {
  std::string file, note;
  std::optional<std::uint64_t> read, malformed, lost;
};

std::optional<std::uint64_t> number(const compiler::Node& item, const char* key) {
  const compiler::Node* node = item.find(key);
  return node == nullptr ? std::nullopt : std::optional<std::uint64_t>(std::stoull(node->text));
}

std::vector<Fixture> fixtures(const fs::path& expected) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto sources = compiler::load({expected.string()}, {}, files, diagnostics);
  std::vector<Fixture> out;
  if (!sources || sources->documents.empty()) return out;
  for (const compiler::Node& item : sources->documents[0].root.find("cases")->items) {
    const compiler::Node* note = item.find("note");
    out.push_back({item.find("file")->text, note == nullptr ? "" : note->text, number(item, "read"), number(item, "malformed"),
                   number(item, "lost_events")});
  }
  return out;
}

std::uint64_t sum(const json& flows) {
  std::uint64_t all = flows["evaluated"];
  for (const char* key : {"reply", "not-policy", "duplicate", "not-comparable"}) all += flows["skipped"][key].get<std::uint64_t>();
  return all;
}

json replay(const std::string& weir, const fs::path& folder, std::vector<std::string> arguments, int& exit_code) {
  arguments.insert(arguments.begin(), {weir, "replay"});
  arguments.insert(arguments.end(), {"-o", "json"});
  const Ran ran = run_program(arguments, folder);
  INFO(ran.err);
  exit_code = ran.exit_code;
  REQUIRE(json::accept(ran.out));
  return json::parse(ran.out);
}

/// The recordings of a folder, by the end of their names; sorted.
std::vector<std::string> recordings(const fs::path& folder, const std::string& suffix) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().string();
    if (name.ends_with(suffix)) found.push_back(name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

TEST_CASE("hostile recordings", "[corpus][flows]") {
  const auto folder = folder_of("WEIR_CORPUS", "bad-input/hostile-flows");
  const auto weir = weir_binary();
  if (!folder || !weir) return;
  const std::vector<Fixture> all = fixtures(*folder / "expected.yaml");
  REQUIRE(all.size() >= 50);
  for (const Fixture& fixture : all) {
    if (!fs::exists(*folder / fixture.file) || fixture.file.ends_with(".txt")) continue;
    const Ran ran = run_program({*weir, "replay", "inventory.yaml", "--flows", fixture.file, "-o", "json"}, *folder);
    INFO(fixture.file << ": " << fixture.note << "\n" << ran.err);
    CHECK_FALSE(ran.timed_out);
    CHECK(ran.millis <= kMillis);
    CHECK(ran.max_rss_kib <= kRssKib);
    REQUIRE(json::accept(ran.out));
    const json report = json::parse(ran.out);
    if (fixture.read) CHECK(report["flows"]["read"] == *fixture.read);
    if (fixture.malformed) CHECK(report["flows"]["malformed"] == *fixture.malformed);
    if (fixture.lost) CHECK(report["flows"]["skipped"]["lost-events"] == *fixture.lost);
    CHECK(sum(report["flows"]) == report["flows"]["read"]);
    if (fixture.note.find("exit 3") != std::string::npos) CHECK(ran.exit_code == 3);
    // Nothing to go by is never a clean result.
    if (report["flows"]["read"] == 0) CHECK((ran.exit_code == 3 || ran.exit_code == 4));
    CHECK((ran.exit_code == 0 || ran.exit_code == 1 || ran.exit_code == 3 || ran.exit_code == 4));
  }
}

TEST_CASE("one gigabyte without a line end", "[corpus][flows]") {
  const auto weir = weir_binary();
  if (!weir) return;
  const fs::path file = fs::temp_directory_path() / ("weir-long-line-" + std::to_string(getpid()));
  std::ofstream{file} << '{';
  // A hole reads as zeros: no space, one line.
  fs::resize_file(file, 1ull << 30);
  const fs::path policies = fs::path(WEIR_SOURCE_DIR) / "testdata/diagnostics/WEIR0602/inventory.yaml";
  const Ran ran = run_program({*weir, "replay", policies.string(), "--flows", file.string(), "-o", "json"}, fs::temp_directory_path());
  fs::remove(file);
  INFO(ran.err);
  CHECK(ran.exit_code == 3);
  CHECK(ran.max_rss_kib <= kRssKib);
  REQUIRE(json::accept(ran.out));
  CHECK(json::parse(ran.out)["flows"]["malformed"] == 1);
}

TEST_CASE("real recordings, all mixed", "[corpus][flows]") {
  const auto folder = folder_of("WEIR_FLOWS", "");
  const auto weir = weir_binary();
  if (!folder || !weir) return;
  const std::vector<std::string> lines = recordings(*folder, ".jsonl"), arrays = recordings(*folder / "discovery-engine", ".json");
  std::vector<std::string> all = {"nt531/manifests", "--flows"};
  all.insert(all.end(), lines.begin(), lines.end());
  int exit_code = 0;
  const json only_lines = replay(*weir, *folder, all, exit_code);
  // README.md of the recordings: 1,506 flows of hubble-otel, 2,074 of nt531 with four lost_events lines, 8 quoted.
  CHECK(only_lines["flows"]["read"] == 1506 + 2074 + 8);
  CHECK(only_lines["flows"]["skipped"]["lost-events"] == 4);

  all.insert(all.end(), arrays.begin(), arrays.end());
  const json report = replay(*weir, *folder, all, exit_code);
  CHECK((exit_code == 0 || exit_code == 4));
  CHECK(report["flows"]["malformed"] == 0);
  CHECK(report["flows"]["read"] > only_lines["flows"]["read"]);
  CHECK(sum(report["flows"]) == report["flows"]["read"]);
  CHECK(report["nodes"].size() >= 10);
  CHECK(report["notComparable"].size() >= 3);
  CHECK_FALSE(report.contains("damaged"));

  std::reverse(all.begin() + 2, all.end());
  CHECK(replay(*weir, *folder, all, exit_code) == report);
}

TEST_CASE("connections of a real recording", "[corpus][flows]") {
  const auto folder = folder_of("WEIR_FLOWS", "");
  const auto weir = weir_binary();
  if (!folder || !weir) return;
  struct Case { std::string why, file; std::uint64_t connections; };
  const auto c = GENERATE(values<Case>({
      {"57 tuples, one of them a health check", "hubble-otel/basic-sample-400-tcp-flows.jsonl", 56},
      {"verdict lines only: each its own connection", "hubble-otel/basic-sample-400-l7-redirected-flows.jsonl", 400},
      {"560 lines of UDP replies, requests and socket events", "nt531/L3_on_R1.jsonl", 190}}));
  INFO(c.why);
  int exit_code = 0;
  const json report = replay(*weir, *folder, {"nt531/manifests", "--all", "--flows", c.file}, exit_code);
  std::uint64_t connections = report["verdicts"]["allowed"].get<std::uint64_t>() + report["verdicts"]["denied"].get<std::uint64_t>();
  for (const auto& [reason, count] : report["notComparable"].items()) connections += count.get<std::uint64_t>();
  CHECK(connections == c.connections);
}
