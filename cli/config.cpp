#include "cli/config.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/source/load.h"
#include "ir/cluster/settings.h"

namespace fs = std::filesystem;

namespace weir::cli {
namespace {

fs::path nearest_config() {
  std::error_code error;
  for (fs::path folder = fs::current_path(error); !error; folder = folder.parent_path()) {
    if (fs::exists(folder / ".weir.yaml")) return folder / ".weir.yaml";
    if (fs::exists(folder / ".git") || folder == folder.parent_path()) break;
  }
  return {};
}

}  // namespace

ir::Result<Pairs> read_config(const std::string& path) {
  const fs::path file = path.empty() ? nearest_config() : fs::path(path);
  if (file.empty()) return Pairs{};
  std::ifstream in(file, std::ios::binary);
  if (!in) return ir::failure("cannot read `" + file.string() + "`", 2);
  std::stringstream bytes;
  bytes << in.rdbuf();
  ir::Files files;
  ir::Diagnostics diagnostics;
  const auto sources = compiler::read_text(file.string(), bytes.str(), {}, files, diagnostics);
  if (diagnostics.has_errors())
    return ir::failure(to_text(files, diagnostics.list().front().primary) + ": " + diagnostics.list().front().detail, 2);
  Pairs pairs;
  for (const compiler::Document& document : sources.documents)
    for (const auto& [key, value] : document.root.entries) {
      if (value.kind == compiler::NodeKind::Sequence || value.kind == compiler::NodeKind::Mapping)
        return ir::failure(to_text(files, value.span) + ": `" + key.text + "` wants one value", 2);
      pairs.emplace_back(key.text, value.text);
    }
  return pairs;
}

Pairs environment_settings() {
  Pairs pairs;
  // Those that are read and never printed: a report has `dual_stack`.
  std::vector<std::string> keys = {"dialect", "gateway_dialect", "ipv4", "ipv6"};
  for (const auto& [key, value] : to_pairs(ir::Settings{})) keys.push_back(key);
  for (const std::string& key : keys) {
    std::string name = "WEIR_" + key;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return c == '.' ? '_' : static_cast<char>(std::toupper(c)); });
    if (const char* value = std::getenv(name.c_str())) pairs.emplace_back(key, value);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace weir::cli
