// Every item of testdata/golden/items.txt has a case folder named after it, with something that passes and something that
// does not: a case that only ever says yes proves nothing.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace fs = std::filesystem;

namespace {

const fs::path kRoot = fs::path(WEIR_SOURCE_DIR) / "testdata/golden";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The first word of each line that is no comment.
std::vector<std::string> items() {
  std::vector<std::string> found;
  for (const std::string& line : lines_of(kRoot / "items.txt"))
    if (!line.empty() && line[0] != '#') found.push_back(line.substr(0, line.find(' ')));
  return found;
}

/// "policy-2.1" is named by policy-2.1-x and policy-2.1b-x, not by policy-2.10-x; "corner-01" stands for 11.1.
bool named_after(const std::string& folder, const std::string& item) {
  std::string start = "policy-" + item;
  if (item.starts_with("11.")) start = std::string("corner-") + (item.size() == 4 ? "0" : "") + item.substr(3);
  if (!folder.starts_with(start)) return false;
  std::size_t at = start.size();
  if (at < folder.size() && std::islower(static_cast<unsigned char>(folder[at]))) ++at;
  return at < folder.size() && folder[at] == '-';
}

/// What the folders of an item show.
struct Shown {
  bool passes = false, fails = false;
};

/// A document that a diagnostic names is the one that fails, one that none names the one that passes.
void look_at_documents(const fs::path& folder, const fs::path& file, Shown& shown) {
  const std::string expected = read(folder / "expect.diagnostics");
  const std::string place = fs::relative(file, WEIR_SOURCE_DIR).generic_string() + ":";
  const std::vector<std::string> lines = lines_of(file);
  bool content = false, named = false;
  const auto end_document = [&] {
    (named ? shown.fails : shown.passes) |= content;
    content = named = false;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] == "---") end_document();
    content |= lines[i].starts_with("kind:");
    named |= expected.find(place + std::to_string(i + 1) + ":") != std::string::npos;
  }
  end_document();
}

void look_at(const fs::path& folder, Shown& shown) {
  if (fs::exists(folder / "test.yaml")) {
    const std::string text = read(folder / "test.yaml");
    shown.passes |= text.find("expect: allowed") != std::string::npos;
    shown.fails |= text.find("expect: denied") != std::string::npos;
  }
  if (!fs::exists(folder / "expect.diagnostics")) return;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".yaml" && entry.path().filename() != "test.yaml")
      look_at_documents(folder, entry.path(), shown);
}

}  // namespace

TEST_CASE("every item of the policy semantics has a case, positive and negative", "[golden]") {
  const std::vector<std::string> all = items();
  const std::set<std::string> unique(all.begin(), all.end());
  CHECK(unique.size() == all.size());
  std::size_t folders = 0;
  for (const std::string& item : all) {
    INFO("item " << item);
    Shown shown;
    bool any = false;
    for (const auto& entry : fs::directory_iterator(kRoot)) {
      if (!named_after(entry.path().filename(), item)) continue;
      any = true;
      ++folders;
      look_at(entry.path(), shown);
    }
    CHECK(any);
    CHECK(shown.passes);
    CHECK(shown.fails);
  }
  std::printf("golden: %zu items, %zu folders named after them\n", all.size(), folders);
  // Sections 1 to 10 and the 25 corner cases.
  CHECK(all.size() >= 106);
}

TEST_CASE("every folder that is named after an item names one that there is", "[golden]") {
  const std::vector<std::string> all = items();
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    const std::string folder = entry.path().filename();
    if (!folder.starts_with("policy-") && !folder.starts_with("corner-")) continue;
    INFO(folder);
    CHECK(std::any_of(all.begin(), all.end(), [&](const std::string& item) { return named_after(folder, item); }));
  }
}
