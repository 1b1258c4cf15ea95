// The rules of docs/architecture.md and the sizes of the house style, held by a test and not by reviewers.
#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path kRoot = WEIR_SOURCE_DIR;

// Top to bottom as in docs/architecture.md: a folder may include only itself and what stands above it.
constexpr std::array kOrder = {
    "ir/base",            "ir/cluster",          "ir/policy",           "ir/route",           "ir/flow",
    "ir/eval",            "ir/sets",             "ir/tables",           "compiler/source",    "compiler/api",
    "compiler/resolve",   "compiler/lower",      "compiler/invariants", "compiler/verify",    "backends/ebpf/abi",
    "backends/ebpf/bpf",  "backends/ebpf/emit",  "backends/ebpf/build", "backends/ebpf/bundle", "runtime-agent/load",
    "runtime-agent/observe", "runtime-agent/main", "simulator/flows",   "simulator/segments", "simulator/replay",
    "simulator/ask",
    "cli/report",         "cli",                 "cli/main"};

// PolicySet names rules by the reference type that everybody shares, which stands in ir/flow.
const std::set<std::string> kSharedHeaders = {"ir/flow/rule_ref.h"};

std::string folder_of(const std::string& file) {
  std::string best;
  for (const char* folder : kOrder)
    if (file.rfind(std::string(folder) + "/", 0) == 0 && std::string(folder).size() > best.size()) best = folder;
  return best;
}

std::size_t rank(const std::string& folder) {
  for (std::size_t i = 0; i < kOrder.size(); ++i)
    if (folder == kOrder[i]) return i;
  return kOrder.size();
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Every source file of ours: generated ones left out.
std::vector<std::string> sources() {
  std::vector<std::string> files;
  for (const char* top : {"ir", "compiler", "backends", "runtime-agent", "simulator", "cli", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      const std::string name = fs::relative(entry.path(), kRoot).generic_string();
      const std::string extension = entry.path().extension();
      if (name.find("/generated/") != std::string::npos) continue;
      if (extension == ".h" || extension == ".cpp" || extension == ".c") files.push_back(name);
    }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> includes(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) found.push_back((*at)[1]);
  return found;
}

/// backends/ and runtime-agent/ see only ir/base, ir/flow, ir/tables and backends/; simulator/ sees neither of them.
bool allowed(const std::string& from, const std::string& to) {
  const auto in = [](const std::string& folder, const char* prefix) { return folder.rfind(prefix, 0) == 0; };
  if (in(from, "backends") || in(from, "runtime-agent")) {
    if (in(to, "runtime-agent")) return in(from, "runtime-agent") && rank(to) <= rank(from);
    return to == "ir/base" || to == "ir/flow" || to == "ir/tables" || in(to, "backends");
  }
  if (in(from, "simulator") && (in(to, "backends") || in(to, "runtime-agent"))) return false;
  return rank(to) <= rank(from);
}

}  // namespace

TEST_CASE("includes follow the order of the tree", "[layering]") {
  const std::regex quoted("#include \"([^\"]+)\"");
  std::size_t checked = 0;
  for (const std::string& file : sources()) {
    const std::string from = folder_of(file);
    if (from.empty()) continue;
    for (const std::string& target : includes(read(kRoot / file), quoted)) {
      const std::string to = folder_of(target);
      if (to.empty() || kSharedHeaders.count(target)) continue;
      INFO(file << " includes " << target);
      CHECK(allowed(from, to));
      ++checked;
    }
  }
  CHECK(checked > 100);
}

TEST_CASE("a heavy library has one user", "[layering]") {
  // Pattern of the header -> the folders that may name it.
  const std::map<std::string, std::vector<std::string>> owners = {
      {"yaml-cpp/", {"compiler/source"}},
      {"yaml.h", {"compiler/source"}},
      {"simdjson.h", {"compiler/source", "simulator/flows", "tests/perf"}},
      {"antlr4-runtime.h", {"compiler/invariants"}},
      {"z3++.h", {"compiler/verify"}},
      // The reference, what is compiled from it, and hubble's filters. Never ir/tables, which the agent links: the compiled
      // router asks its expressions through an interface there.
      {"re2/", {"ir/eval", "compiler/lower", "simulator/flows"}},
      {"clang/", {"backends/ebpf/build"}},
      {"llvm/", {"backends/ebpf/build"}},
      {"bpf/", {"runtime-agent", "tests/kernel", "tests/differential", "tests/perf"}},
      {"CLI/", {"cli", "runtime-agent/main"}}};
  const std::regex angled("#include <([^>]+)>");
  for (const std::string& file : sources())
    for (const std::string& header : includes(read(kRoot / file), angled))
      for (const auto& [pattern, folders] : owners) {
        if (header.rfind(pattern, 0) != 0) continue;
        const bool mine = std::any_of(folders.begin(), folders.end(),
                                      [&](const std::string& folder) { return file.rfind(folder + "/", 0) == 0; });
        INFO(file << " includes <" << header << ">");
        CHECK(mine);
        const bool in_header = file.size() > 2 && file.substr(file.size() - 2) == ".h";
        const bool ours = file.rfind("tests/", 0) != 0;
        CHECK_FALSE((in_header && ours && pattern != "bpf/" && file.find("internal") == std::string::npos));
      }
}

TEST_CASE("files stay small", "[layering]") {
  for (const std::string& file : sources()) {
    const std::string text = read(kRoot / file);
    INFO(file);
    CHECK(std::count(text.begin(), text.end(), '\n') <= 500);
  }
}

TEST_CASE("headers open with pragma once", "[layering]") {
  for (const std::string& file : sources()) {
    if (file.substr(file.size() - 2) != ".h" || file.rfind("backends/ebpf/bpf", 0) == 0 ||
        file.rfind("backends/ebpf/abi", 0) == 0)
      continue;
    INFO(file);
    CHECK(read(kRoot / file).find("#pragma once") != std::string::npos);
  }
}

TEST_CASE("functions stay small", "[layering]") {
  if (std::system("ctags --version >/dev/null 2>&1") != 0) {
    std::puts("SKIPPED: function sizes: universal-ctags is not installed");
    return;
  }
  // tests/layering/long_functions.txt: "file function lines", exceptions that may only shrink.
  std::map<std::string, int> exceptions;
  std::ifstream list(kRoot / "tests/layering/long_functions.txt");
  for (std::string file, name; list >> file >> name;) list >> exceptions[file + " " + name];
  std::string command = "cd '" + kRoot.string() + "' && ctags -x --c++-kinds=f --fields=+e --_xformat='%{end} %n %N %F'";
  for (const std::string& file : sources())
    if (file.substr(file.size() - 4) == ".cpp" && file.rfind("tests/", 0) != 0) command += " '" + file + "'";
  std::FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  REQUIRE(pipe);
  std::array<char, 1024> line{};
  int functions = 0;
  while (std::fgets(line.data(), line.size(), pipe)) {
    std::istringstream in(line.data());
    int end = 0, begin = 0;
    std::string name, file;
    if (!(in >> end >> begin >> name >> file)) continue;
    ++functions;
    const auto exception = exceptions.find(file + " " + name);
    INFO(file << ":" << begin << " " << name);
    CHECK(end - begin + 1 <= (exception == exceptions.end() ? 60 : exception->second));
  }
  pclose(pipe);
  CHECK(functions > 200);
}

TEST_CASE("every module has a short readme", "[layering]") {
  for (const char* folder : kOrder) {
    const fs::path readme = kRoot / folder / "README.md";
    if (!fs::exists(kRoot / folder) || std::string(folder).ends_with("/main")) continue;
    INFO(folder);
    REQUIRE(fs::exists(readme));
    const std::string text = read(readme);
    CHECK(std::count(text.begin(), text.end(), '\n') <= 30);
    for (const char* heading : {"*Turns*", "*May include*", "*Read first*", "*See it work*", "*Add one*"})
      CHECK(text.find(heading) != std::string::npos);
  }
}
