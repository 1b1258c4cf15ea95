// The rules of the API server for the kinds of the Gateway API (gateway.md 1.1 item 1 to 3). Each file of
// testdata/gateway-rules holds documents; a line that breaks a rule ends with `# CODE part of the message`, once for each
// diagnostic, and every other line is right. A new case touches no C++.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "compiler/api/object_set.h"

using namespace weir;

namespace {

namespace fs = std::filesystem;

std::string read_whole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Mark {
  std::uint32_t line = 0;
  std::string code, part;
};

std::vector<Mark> marks_of(const std::string& text) {
  std::vector<Mark> out;
  std::stringstream lines(text);
  std::string line;
  for (std::uint32_t number = 1; std::getline(lines, line); ++number) {
    for (std::size_t at = line.find(" # WEIR"); at != std::string::npos;) {
      const std::size_t next = line.find(" # WEIR", at + 1);
      const std::string mark = line.substr(at + 3, next == std::string::npos ? next : next - at - 3);
      out.push_back({number, mark.substr(0, 8), mark.size() > 9 ? mark.substr(9) : ""});
      at = next;
    }
  }
  return out;
}

std::string show(std::uint32_t line, const std::string& text) { return std::to_string(line) + " " + text; }

}  // namespace

TEST_CASE("the API server's rules for gateway kinds, each with a manifest that breaks it", "[gateway]") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(WEIR_SOURCE_DIR) / "testdata/gateway-rules")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 12);
  for (const fs::path& path : files) {
    const std::string text = read_whole(path);
    ir::Files known;
    ir::Diagnostics diagnostics;
    static_cast<void>(compiler::read(compiler::read_text("t.yaml", text, {}, known, diagnostics), known, diagnostics));
    std::multimap<std::uint32_t, std::string> found;
    for (const ir::Diagnostic& d : diagnostics.list())
      found.emplace(d.primary.line, std::string(ir::info(d.kind).id) + " " + d.detail);
    INFO(path.filename().string());
    const std::vector<Mark> marks = marks_of(text);
    CHECK_FALSE(marks.empty());
    for (const Mark& mark : marks) {
      const auto [first, last] = found.equal_range(mark.line);
      const auto at = std::find_if(first, last, [&](const auto& one) {
        return one.second.starts_with(mark.code) && one.second.find(mark.part) != std::string::npos;
      });
      if (at == last) FAIL_CHECK("expected and not found: " << show(mark.line, mark.code + " " + mark.part));
      if (at != last) found.erase(at);
    }
    for (const auto& [line, detail] : found) FAIL_CHECK("found and not expected: " << show(line, detail));
  }
}
