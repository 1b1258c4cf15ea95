// Conditions: `gatewayStatus` of `weir validate` against status.yaml of each folder of gateway-api. WEIR_CORPUS names the corpus;
// unset, the test is skipped.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/report/gateway_status_report.h"
#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "compiler/source/load.h"
#include "tests/corpus/corpus_copy.h"

namespace fs = std::filesystem;
using namespace weir;
using nlohmann::json;

namespace {

/// Whether all that is wanted is there: every member of a mapping, every item of a sequence in some item, every scalar as text.
bool holds(const compiler::Node& wanted, const json& got) {
  if (!wanted.entries.empty())
    return got.is_object() && std::all_of(wanted.entries.begin(), wanted.entries.end(), [&](const auto& entry) {
             return got.contains(entry.first.text) && holds(entry.second, got[entry.first.text]);
           });
  if (wanted.kind == compiler::NodeKind::Sequence)
    return got.is_array() && std::all_of(wanted.items.begin(), wanted.items.end(), [&](const compiler::Node& item) {
             return std::any_of(got.begin(), got.end(), [&](const json& one) { return holds(item, one); });
           });
  return got.is_string() ? got.get<std::string>() == wanted.text : got.dump() == wanted.text;
}

/// Scalars below the names that say which object is meant.
std::size_t facts_of(const compiler::Node& node) {
  if (node.kind == compiler::NodeKind::Scalar) return 1;
  std::size_t count = 0;
  for (const auto& [key, value] : node.entries)
    if (key.text != "kind" && key.text != "namespace" && key.text != "name" && key.text != "parent" && key.text != "type") count += facts_of(value);
  for (const compiler::Node& item : node.items) count += facts_of(item);
  return count;
}

json status_of(const fs::path& base, const fs::path& manifests) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto sources = compiler::load({base.string(), manifests.string()}, {}, files, diagnostics);
  REQUIRE(sources);
  const compiler::Objects objects = compiler::read(*sources, files, diagnostics);
  const compiler::Resolved resolved = compiler::resolve(objects, ir::Settings{}, files, diagnostics);
  return json::parse(cli::gateway_status_json(resolved.gateway_status));
}

std::size_t compare_folder(const fs::path& folder) {
  std::ifstream in(folder / "status.yaml");
  std::stringstream text;
  text << in.rdbuf();
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto document = compiler::read_text("status.yaml", text.str(), {}, files, diagnostics);
  REQUIRE(document.documents.size() == 1);
  const compiler::Node* entries = document.documents.front().root.find("gatewayStatus");
  REQUIRE(entries != nullptr);
  const json got = status_of(folder.parent_path() / "base", folder / "manifests.yaml");
  std::size_t facts = 0;
  for (const compiler::Node& entry : entries->items) {
    INFO(folder.filename().string() << " line " << entry.span.line);
    CHECK(std::any_of(got.begin(), got.end(), [&](const json& one) { return holds(entry, one); }));
    facts += facts_of(entry);
  }
  return facts;
}

}  // namespace

TEST_CASE("the conditions of the conformance suite", "[corpus]") {
  const char* corpus = std::getenv("WEIR_CORPUS");
  if (corpus == nullptr) {
    std::cout << "SKIPPED: WEIR_CORPUS is not set\n";
    return;
  }
  const tests::CertifiedCorpus copy(corpus);
  REQUIRE(copy.good());
  std::size_t folders = 0, facts = 0;
  for (const auto& entry : fs::directory_iterator(copy.path() / "gateway-api"))
    if (fs::exists(entry.path() / "status.yaml")) {
      ++folders;
      facts += compare_folder(entry.path());
    }
  std::cout << "corpus: status.yaml of " << folders << " folders, " << facts << " facts\n";
  CHECK(folders >= 10);
  CHECK(facts >= 30);
}
