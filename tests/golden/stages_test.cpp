// A case is a folder testdata/golden/NAME/{*.yaml, expect.STAGE}; adding one touches no C++ and no CMake.
// WEIR_UPDATE_GOLDEN=1 writes what came out; review it with git diff.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "backends/ebpf/bundle/bundle.h"
#include "backends/ebpf/emit/emit.h"
#include "cli/emit.h"
#include "cli/input.h"
#include "compiler/lower/lower.h"
#include "runtime-agent/observe/policy_table.h"

namespace fs = std::filesystem;

namespace weir::cli {
namespace {

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> sorted(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// The inputs of a case: its YAML files but for the policy test, under names that no machine changes.
std::vector<std::string> inputs(const fs::path& folder) {
  std::vector<std::string> paths;
  for (const fs::path& path : sorted(folder))
    if (path.extension() == ".yaml" && path.filename() != "test.yaml") paths.push_back(path.generic_string());
  return paths;
}

/// Every diagnostic in one line: "WEIR0104 policies.yaml:3:5 what is wrong [how to mend it]".
std::string diagnostics_text(Input& input) {
  input.diagnostics.sort();
  std::string text;
  for (const ir::Diagnostic& d : input.diagnostics.list())
    text += std::string(ir::info(d.kind).id) + " " + ir::to_text(input.files, d.primary) + " " + d.detail +
            (d.fix.empty() ? "\n" : " [" + d.fix + "]\n");
  return text;
}

/// `weir-agent policy get` for every pod: policy.md 9.4.
std::string policy_get(const Input& input) {
  const auto tables = compiler::lower(input.resolved.policies, input.resolved.cluster, input.files, "");
  REQUIRE(tables);
  const auto bundle = backends::make_bundle(*tables, backends::map_contents(*tables), "", "", "", {}, 1);
  std::string text;
  for (const auto& endpoint : bundle.maps.endpoints) {
    const std::string name = endpoint.namespace_name + "/" + endpoint.pod;
    const auto table = agent::policy_table(bundle, name, true);
    REQUIRE(table);
    text += name + "\n" + *table;
  }
  return text;
}

std::string emitted(const fs::path& folder, const std::string& stage) {
  CommonOptions options;
  options.emit = stage;
  auto input = read_input(inputs(folder), options);
  REQUIRE(input);
  if (stage == "diagnostics") return diagnostics_text(*input);
  if (stage == "policy-get") return policy_get(*input);
  const auto text = emit_back(*input, stage, "");
  return text ? *text : "error: " + text.error().message + "\n";
}

}  // namespace

TEST_CASE("stages print what they printed before", "[golden]") {
  fs::current_path(WEIR_SOURCE_DIR);
  int checked = 0;
  for (const fs::path& folder : sorted("testdata/golden")) {
    if (!fs::is_directory(folder)) continue;
    for (const fs::path& expect : sorted(folder)) {
      const std::string name = expect.filename();
      if (name.rfind("expect.", 0) != 0) continue;
      const std::string actual = emitted(folder, name.substr(7));
      if (std::getenv("WEIR_UPDATE_GOLDEN")) std::ofstream(expect, std::ios::binary) << actual;
      INFO(expect.string());
      CHECK(actual == read(expect));
      ++checked;
    }
  }
  std::printf("golden: %d stage texts\n", checked);
  CHECK(checked > 0);
}

}  // namespace weir::cli
