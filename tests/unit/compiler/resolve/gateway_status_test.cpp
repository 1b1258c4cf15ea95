// Conditions of gateway objects (gateway.md 1.10): every file of testdata/gateway-status with the conditions its comments demand:
//   #= Gateway shop/web listener http: Conflicted=True HostnameConflict
//   #= HTTPRoute shop/r on Gateway shop/web: Accepted=True Accepted
//   #! WHO: TYPE          there is no such condition
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "tests/unit/compiler/resolve/support.h"

namespace fs = std::filesystem;
using namespace weir;

namespace {

void add_lines(const std::string& who, const std::vector<compiler::Condition>& conditions, std::set<std::string>& lines) {
  for (const compiler::Condition& c : conditions) lines.insert(who + ": " + c.type + "=" + c.status + " " + c.reason);
}

std::set<std::string> lines_of(const compiler::GatewayStatus& status) {
  std::set<std::string> lines;
  for (const compiler::ObjectStatus& object : status) {
    std::string who = object.kind + " " + (object.namespace_name.empty() ? "" : object.namespace_name + "/") + object.name;
    if (object.parent) who += " on " + object.parent->kind + " " + object.parent->namespace_name + "/" + object.parent->name;
    if (object.parent && object.parent->section_name) who += "/" + *object.parent->section_name;
    add_lines(who, object.conditions, lines);
    for (const compiler::ListenerStatus& listener : object.listeners) {
      add_lines(who + " listener " + listener.name, listener.conditions, lines);
      lines.insert(who + " listener " + listener.name + ": attachedRoutes=" + std::to_string(listener.attached_routes));
    }
  }
  return lines;
}

std::string joined(const std::set<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

/// Returns how many comments it has checked.
std::size_t check_file(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  const std::set<std::string> got = lines_of(test::run(text.str()).resolved.gateway_status);
  std::size_t checked = 0;
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with("#= ") && !line.starts_with("#! ")) continue;
    ++checked;
    const std::string what = line.substr(3);
    INFO(path.filename().string() << ": " << line << "\nthere is\n" << joined(got));
    if (line[1] == '=') CHECK(got.contains(what));
    else CHECK(std::none_of(got.begin(), got.end(), [&](const std::string& one) { return one.starts_with(what + "="); }));
  }
  return checked;
}

}  // namespace

TEST_CASE("the conditions that a conforming controller would set", "[resolve][gateway]") {
  std::size_t files = 0, checked = 0;
  for (const auto& entry : fs::directory_iterator(std::string(WEIR_SOURCE_DIR) + "/testdata/gateway-status")) {
    const std::size_t lines = check_file(entry.path());
    INFO(entry.path());
    CHECK(lines > 0);
    checked += lines;
    ++files;
  }
  std::cout << "gateway status: " << checked << " conditions in " << files << " files\n";
  CHECK(files >= 5);
  CHECK(checked >= 40);
}
