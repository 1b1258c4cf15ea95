// reliability.md C2 row 1: every fixture of bad-input/hostile-yaml through the program, with its outcome, its time and
// its memory; and every folder of bad-input/np-guard without a crash.

#include <algorithm>
#include <catch2/catch.hpp>

#include "compiler/source/load.h"
#include "tests/run_program.h"

using namespace weir;
using namespace weir::tests;
namespace fs = std::filesystem;

namespace {

constexpr long kMillis = 2000, kRssKib = 512 * 1024;

std::optional<fs::path> bad_input() {
  const char* path = std::getenv("WEIR_CORPUS");
  if (path != nullptr && *path != 0) return fs::path(path) / "bad-input";
  std::cout << "SKIPPED: WEIR_CORPUS is not set\n";
  return std::nullopt;
}

/// The entries of an expected.yaml: what `key` names, and its outcome.
std::vector<std::pair<std::string, std::string>> expected(const fs::path& file, const std::string& key) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto sources = compiler::load({file.string()}, {}, files, diagnostics);
  std::vector<std::pair<std::string, std::string>> out;
  if (!sources || sources->documents.empty()) return out;
  const compiler::Node* cases = sources->documents[0].root.find("cases");
  if (cases == nullptr) return out;
  for (const compiler::Node& item : cases->items) out.emplace_back(item.find(key)->text, item.find("outcome")->text);
  return out;
}

bool fits(const std::string& outcome, int exit_code) {
  if (outcome == "unreadable") return exit_code == 3;
  if (outcome == "invalid") return exit_code == 1;
  if (outcome == "fine") return exit_code == 0;
  return exit_code == 0 || exit_code == 1 || exit_code == 3;
}

/// ` --> FILE:LINE:COLUMN`
bool has_place(const std::string& text, const std::string& file) {
  const std::size_t at = text.find("--> " + file + ":");
  if (at == std::string::npos) return false;
  const std::string rest = text.substr(at + 5 + file.size(), 20);
  return !rest.empty() && std::isdigit(static_cast<unsigned char>(rest[0])) != 0 && rest.find(':') != std::string::npos;
}

/// No escape sequence and no other control character reaches the terminal, and no message floods it.
bool is_safe(const std::string& text) {
  return text.size() < 64 * 1024 && std::none_of(text.begin(), text.end(), [](unsigned char c) {
           return (c < 0x20 && c != '\n') || c == 0x7F;
         });
}

}  // namespace

TEST_CASE("hostile YAML ends as it should, in time and in memory", "[corpus]") {
  const auto root = bad_input();
  const auto weir = weir_binary();
  if (!root || !weir) return;
  const fs::path folder = *root / "hostile-yaml";
  const auto cases = expected(folder / "expected.yaml", "file");
  CHECK(cases.size() > 100);
  long slowest = 0, largest = 0;
  for (const auto& [file, outcome] : cases) {
    const Ran ran = run_program({*weir, "validate", "--color", "never", "--", file}, folder, std::chrono::seconds(20));
    INFO(file << " should be " << outcome << ": exit " << ran.exit_code << ", " << ran.cpu_millis << " ms, " << ran.max_rss_kib
              << " KiB\n" << ran.err.substr(0, 2000));
    CHECK(fits(outcome, ran.exit_code));
    CHECK(ran.cpu_millis <= kMillis);
    CHECK_FALSE(ran.timed_out);
    CHECK(ran.max_rss_kib <= kRssKib);
    CHECK(is_safe(ran.err));
    if (ran.exit_code == 3) CHECK(has_place(ran.err, file));
    slowest = std::max(slowest, ran.cpu_millis);
    largest = std::max(largest, ran.max_rss_kib);
  }
  std::cout << cases.size() << " hostile files: slowest " << slowest << " ms, largest " << largest / 1024 << " MiB\n";
}

TEST_CASE("every other command refuses what validate finds invalid", "[corpus]") {
  const auto root = bad_input();
  const auto weir = weir_binary();
  if (!root || !weir) return;
  for (const auto& [file, outcome] : expected(*root / "hostile-yaml/expected.yaml", "file")) {
    if (outcome != "invalid" && outcome != "unreadable") continue;
    const Ran ran = run_program({*weir, "verify", "--", file}, *root / "hostile-yaml", std::chrono::seconds(20));
    INFO(file << " is " << outcome << "\n" << ran.err.substr(0, 2000));
    CHECK(ran.exit_code == 3);
  }
}

TEST_CASE("broken folders of np-guard never crash weir", "[corpus]") {
  const auto root = bad_input();
  const auto weir = weir_binary();
  if (!root || !weir) return;
  const auto cases = expected(*root / "np-guard/expected.yaml", "dir");
  CHECK(cases.size() > 50);
  for (const auto& [folder, outcome] : cases) {
    const Ran ran = run_program({*weir, "validate", "--dialect", "k8s", folder}, *root / "np-guard", std::chrono::seconds(20));
    INFO(folder << " should be " << outcome << ": exit " << ran.exit_code << "\n" << ran.err.substr(0, 2000));
    CHECK((ran.exit_code == 0 || ran.exit_code == 1 || ran.exit_code == 3));
    if (outcome == "unreadable") CHECK(ran.exit_code == 3);
    if (outcome == "invalid") CHECK(ran.exit_code == 1);
    if (outcome == "warn") CHECK((ran.exit_code == 0 && ran.err.find("warning[") != std::string::npos));
    CHECK(ran.cpu_millis <= kMillis);
    CHECK_FALSE(ran.timed_out);
    CHECK(is_safe(ran.err));
  }
}
