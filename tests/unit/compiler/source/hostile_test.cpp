// Every fixture of the corpus through the library: what must be unreadable is refused with a place, nothing else is.
// tests/corpus/hostile_yaml_test.cpp asks the same of the program, with time and memory.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "tests/unit/compiler/source/source_helpers.h"

using namespace weir;
using namespace weir::compiler;
namespace fs = std::filesystem;

namespace {

std::optional<fs::path> corpus() {
  if (const char* path = std::getenv("WEIR_CORPUS")) return fs::path(path);
  std::cout << "SKIPPED: WEIR_CORPUS is not set\n";
  return std::nullopt;
}

struct Loaded {
  ir::Files files;
  ir::Diagnostics diagnostics;
  ir::Result<Sources> sources;
  explicit Loaded(const fs::path& path, const SourceLimits& limits = {})
      : sources(load({path.string()}, limits, files, diagnostics)) {}
};

std::string shown(const Loaded& loaded) {
  std::string out;
  for (const auto& d : loaded.diagnostics.list())
    out += to_text(loaded.files, d.primary) + ": " + std::string(ir::info(d.kind).id) + " " + d.detail + "\n";
  return out;
}

}  // namespace

TEST_CASE("hostile fixtures", "[source][corpus]") {
  const auto root = corpus();
  if (!root) return;
  const fs::path folder = *root / "bad-input/hostile-yaml";
  const Loaded expected(folder / "expected.yaml");
  REQUIRE(expected.sources);
  const Node* cases = expected.sources->documents.at(0).root.find("cases");
  REQUIRE(cases != nullptr);
  CHECK(cases->items.size() > 100);
  for (const Node& item : cases->items) {
    const std::string file = item.find("file")->text, outcome = item.find("outcome")->text;
    const Loaded loaded(folder / file);
    INFO(file << " should be " << outcome << "\n" << shown(loaded));
    REQUIRE(loaded.sources);
    const bool refused = loaded.diagnostics.has(ir::Effect::Refuse);
    if (outcome == "unreadable") CHECK(refused);
    if (outcome == "fine" || outcome == "invalid") CHECK_FALSE(loaded.diagnostics.has(ir::Effect::Refuse));
    if (outcome == "fine") CHECK(loaded.diagnostics.list().empty());
    for (const auto& d : loaded.diagnostics.list()) {
      CHECK(d.primary.known());
      CHECK(d.detail.size() < 300);
    }
    if (std::getenv("WEIR_SHOW")) std::cout << outcome << " " << shown(loaded);
  }
}

TEST_CASE("the whole corpus is read, and by both readers alike", "[source][corpus]") {
  const auto root = corpus();
  if (!root) return;
  SourceLimits bulk;
  bulk.bulk_bytes = 0;
  std::size_t files = 0;
  for (fs::recursive_directory_iterator it(*root), end; it != end; ++it) {
    if (it->path().filename() == "bad-input") it.disable_recursion_pending();
    const auto extension = it->path().extension();
    if (!it->is_regular_file() || (extension != ".yaml" && extension != ".yml" && extension != ".json")) continue;
    const Loaded both(it->path()), libyaml(it->path(), bulk);
    INFO(it->path() << "\n" << shown(both));
    REQUIRE(both.sources);
    CHECK_FALSE(both.diagnostics.has(ir::Effect::Refuse));
    CHECK(outline(*both.sources) == outline(*libyaml.sources));
    ++files;
  }
  CHECK(files > 400);
}

TEST_CASE("broken input of np-guard does not crash the source", "[source][corpus]") {
  const auto root = corpus();
  if (!root) return;
  std::size_t folders = 0;
  for (const auto& entry : fs::directory_iterator(*root / "bad-input/np-guard")) {
    if (!entry.is_directory()) continue;
    const Loaded loaded(entry.path());
    CHECK(loaded.sources);
    if (std::getenv("WEIR_SHOW")) std::cout << entry.path().filename() << " " << shown(loaded);
    ++folders;
  }
  CHECK(folders > 50);
}
