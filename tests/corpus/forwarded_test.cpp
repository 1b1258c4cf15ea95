// What backends see: `request` in the JSON of `weir route` against forwarded.yaml of each folder of gateway-api, for every
// request of its test.yaml. WEIR_CORPUS names the corpus; unset, the test is skipped.
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/report/route_report.h"
#include "compiler/source/load.h"
#include "ir/route/hostname.h"
#include "simulator/ask/test.h"
#include "tests/corpus/corpus_copy.h"

namespace fs = std::filesystem;
using namespace weir;
using nlohmann::ordered_json;

namespace {

const compiler::Node* member(const compiler::Node& node, std::string_view name) {
  for (const auto& [key, value] : node.entries)
    if (key.text == name) return &value;
  return nullptr;
}

std::optional<std::string> header(const ordered_json& request, const std::string& name) {
  if (!request.contains("headers")) return std::nullopt;
  for (const auto& [key, value] : request["headers"].items())
    if (ir::lower(key) == ir::lower(name)) return value.get<std::string>();
  return std::nullopt;
}

/// One entry of forwarded.yaml; returns how many facts it compared.
std::size_t compare(const compiler::Node& wanted, const ordered_json& request) {
  std::size_t facts = 0;
  for (const char* name : {"path", "host"}) {
    const auto* text = member(wanted, name);
    if (text == nullptr) continue;
    CHECK(request[name] == text->text);
    ++facts;
  }
  const compiler::Node none;
  const auto* headers = member(wanted, "headers");
  for (const auto& [key, value] : (headers == nullptr ? none : *headers).entries) {
    INFO(key.text);
    CHECK(header(request, key.text) == value.text);
    ++facts;
  }
  const auto* absent = member(wanted, "absent");
  for (const auto& name : (absent == nullptr ? none : *absent).items) {
    CHECK_FALSE(header(request, name.text));
    ++facts;
  }
  return facts;
}

std::size_t compare_folder(const fs::path& folder) {
  INFO(folder.string());
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto tests = simulator::load_tests({(folder / "test.yaml").string()}, files, diagnostics);
  REQUIRE(tests);
  std::map<std::string, ordered_json> requests;
  for (const compiler::PolicyTest& test : *tests) {
    const auto result = simulator::run_test(test, {}, files, diagnostics);
    REQUIRE(result);
    for (const auto& check : result->routes)
      if (check.got) cli::add_route(*check.got, requests[check.name]);
  }
  std::ifstream in(folder / "forwarded.yaml");
  std::stringstream text;
  text << in.rdbuf();
  const auto document = compiler::read_text("forwarded.yaml", text.str(), {}, files, diagnostics);
  REQUIRE(document.documents.size() == 1);
  const compiler::Node* entries = member(document.documents.front().root, "forwarded");
  REQUIRE(entries != nullptr);
  std::size_t facts = 0;
  for (const compiler::Node& entry : entries->items) {
    const std::string name = member(entry, "request")->text;
    INFO(name);
    REQUIRE(requests.contains(name));
    REQUIRE(requests[name].contains("request"));
    facts += compare(entry, requests[name]["request"]);
  }
  return facts;
}

}  // namespace

TEST_CASE("what the backends of the corpus see", "[corpus]") {
  const char* corpus = std::getenv("WEIR_CORPUS");
  if (corpus == nullptr) {
    std::cout << "SKIPPED: WEIR_CORPUS is not set\n";
    return;
  }
  const tests::CertifiedCorpus copy(corpus);
  if (!copy.good()) {
    std::cout << "SKIPPED: with-certificates did not run (it needs openssl)\n";
    return;
  }
  std::size_t folders = 0, facts = 0;
  for (const auto& entry : fs::directory_iterator(copy.path() / "gateway-api"))
    if (fs::exists(entry.path() / "forwarded.yaml")) facts += compare_folder(entry.path()), ++folders;
  std::cout << "forwarded: " << folders << " folders, " << facts << " facts equal\n";
  CHECK(folders == 2);
  CHECK(facts >= 20);
}
