#include <catch2/catch.hpp>

#include "cli/report/diagnostics.h"
#include "cli/report/display.h"
#include "ir/base/code.h"

using namespace weir;
using namespace weir::cli;

namespace {

struct Scene {
  ir::Files files;
  ir::Diagnostics diagnostics;

  ir::FileId file(std::string name, std::string text, bool secret = false) {
    return files.add({std::move(name), std::make_shared<const std::string>(std::move(text)), secret});
  }
  void report(ir::Diagnostic diagnostic) { diagnostics.report(std::move(diagnostic)); }
  [[nodiscard]] std::string text(RenderOptions options = {}) const { return render(diagnostics, files, options); }
};

ir::Diagnostic unknown_field(ir::Span at, std::string detail) {
  return {.kind = ir::Code::UnknownField, .primary = at, .detail = std::move(detail), .labels = {}, .notes = {}, .fix = "", .witness = ""};
}

}  // namespace

TEST_CASE("one caret, notes and help", "[cli]") {
  Scene scene;
  const auto file = scene.file("a.yaml", "kind: X\nspec:\n  podSelektor: {}\n");
  auto diagnostic = unknown_field({file, 3, 3, 3, 14}, "no field `podSelektor`");
  diagnostic.notes = {"the API server would drop it"};
  diagnostic.fix = "write `podSelector`";
  scene.report(diagnostic);
  CHECK(scene.text() ==
        "error[WEIR0101]: no field `podSelektor`\n"
        " --> a.yaml:3:3\n"
        "  |\n"
        "3 |   podSelektor: {}\n"
        "  |   ^^^^^^^^^^^\n"
        "  |\n"
        "  = note: the API server would drop it\n"
        "  = help: write `podSelector`\n\n");
  CHECK(scene.text({.brief = true}) == "a.yaml:3:3: error[WEIR0101]: no field `podSelektor`\n");
}

TEST_CASE("labels in the same file and in another one", "[cli]") {
  Scene scene;
  const auto one = scene.file("a.yaml", "a: 1\nb: 2\nc: 3\n\n\n\n\n\n\na: 4\n");
  const auto two = scene.file("b.yaml", "x: y\n");
  auto diagnostic = unknown_field({one, 10, 1, 10, 2}, "twice");
  diagnostic.labels = {{{one, 1, 1, 1, 2}, "first here"}, {{two, 1, 4, 1, 5}, "and here"}, {{one, 10, 4, 10, 5}, "this value"}};
  scene.report(diagnostic);
  CHECK(scene.text() ==
        "error[WEIR0101]: twice\n"
        "  --> a.yaml:10:1\n"
        "   |\n"
        " 1 | a: 1\n"
        "   | - first here\n"
        "...\n"
        "10 | a: 4\n"
        "   | ^\n"
        "   |    - this value\n"
        "   |\n"
        "  ::: b.yaml:1:4\n"
        "   |\n"
        " 1 | x: y\n"
        "   |    - and here\n"
        "   |\n\n");
}

TEST_CASE("wide, combining and hidden characters keep the caret in place", "[cli]") {
  struct Case { std::string_view why, line; std::uint32_t column, end; std::string_view shown, carets; };
  const auto c = GENERATE(values<Case>({
      {"tab is four columns", "\ta: 1", 2, 3, "    a: 1", "    ^"},
      {"two bytes, one column", "é: b", 5, 6, "é: b", "   ^"},
      {"wide character", "漢: b", 6, 7, "漢: b", "    ^"},
      {"combining accent", "e\xCC\x81: b", 6, 7, "e\xCC\x81: b", "   ^"},
      {"escape sequence", "a\x1B[31m: b", 9, 10, "a\\x1b[31m: b", "           ^"},
      {"right to left override", "a\xE2\x80\xAE: b", 7, 8, "a\\u{202e}: b", "           ^"},
      {"zero width space", "a\xE2\x80\x8B: b", 7, 8, "a\\u{200b}: b", "           ^"},
      {"next line character", "a\xC2\x85: b", 6, 7, "a\\u{85}: b", "         ^"},
      {"not UTF-8", "a\xFF: b", 5, 6, "a\\xff: b", "       ^"},
      {"behind the end of the line", "ab", 3, 3, "ab", "  ^"},
      {"over the end of the line", "ab", 2, 9, "ab", " ^"}}));
  INFO(c.why);
  Scene scene;
  const auto file = scene.file("a.yaml", std::string(c.line) + "\n");
  scene.report(unknown_field({file, 1, c.column, 1, c.end}, "x"));
  CHECK(scene.text() == "error[WEIR0101]: x\n --> a.yaml:1:" + std::to_string(c.column) + "\n  |\n1 | " + std::string(c.shown) +
                            "\n  | " + std::string(c.carets) + "\n  |\n\n");
}

TEST_CASE("a long line is cut to a window around the caret", "[cli]") {
  Scene scene;
  const std::string line = std::string(5'000'000, 'a') + "HERE" + std::string(5'000'000, 'b');
  const auto file = scene.file("a.yaml", line + "\n");
  scene.report(unknown_field({file, 1, 5'000'001, 1, 5'000'005}, "x"));
  CHECK(scene.text() == "error[WEIR0101]: x\n --> a.yaml:1:5000001\n  |\n1 | ..." + std::string(40, 'a') + "HERE" +
                            std::string(76, 'b') + "...\n  | " + std::string(43, ' ') + "^^^^\n  |\n\n");
}

TEST_CASE("a span over several lines is underlined on its first", "[cli]") {
  Scene scene;
  const auto file = scene.file("a.yaml", "a: {b: 1,\n  c: 2}\n");
  scene.report(unknown_field({file, 1, 4, 2, 8}, "x"));
  CHECK(scene.text() == "error[WEIR0101]: x\n --> a.yaml:1:4\n  |\n1 | a: {b: 1,\n  |    ^^^^^^\n  |\n\n");
}

TEST_CASE("no line of a file with a Secret is shown", "[cli]") {
  Scene scene;
  const auto file = scene.file("s.yaml", "data: {k: hidden}\n", true);
  const auto other = scene.file("a.yaml", "a: 1\n");
  auto diagnostic = unknown_field({other, 1, 1, 1, 2}, "x");
  diagnostic.labels = {{{file, 1, 11, 1, 17}, "the value"}};
  scene.report(unknown_field({file, 1, 11, 1, 17}, "x"));
  scene.report(diagnostic);
  const std::string text = scene.text();
  CHECK(text.find("hidden") == std::string::npos);
  CHECK(text.find(" ::: s.yaml:1:11\n  = at s.yaml:1:11: the value\n") != std::string::npos);
}

TEST_CASE("what users wrote cannot leave its line", "[cli]") {
  Scene scene;
  const auto file = scene.file("a\n::error::\x1B[2J.yaml", "a: 1\n");
  auto diagnostic = unknown_field({file, 1, 1, 1, 2}, "x\r\n::warning::\x1B]0;title\a");
  diagnostic.notes = {"a\nb"};
  diagnostic.fix = std::string(100'000, 'x');
  scene.report(diagnostic);
  for (const bool brief : {false, true}) {
    const std::string text = scene.text({.brief = brief});
    CHECK(text.find('\x1B') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(text.find("\n::") == std::string::npos);
    CHECK(text.size() < 5000);
  }
}

TEST_CASE("colour only when asked", "[cli]") {
  Scene scene;
  const auto file = scene.file("a.yaml", "a: 1\n");
  scene.report(unknown_field({file, 1, 1, 1, 2}, "x"));
  CHECK(scene.text().find('\x1B') == std::string::npos);
  CHECK(scene.text({.color = true}).find("\x1B[1;31merror[WEIR0101]\x1B[0m") == 0);
}

TEST_CASE("without a place, or without a file, the message stands alone", "[cli]") {
  Scene scene;
  scene.report(unknown_field({{7}, 0, 0, 0, 0}, ""));
  CHECK(scene.text() == "error[WEIR0101]: a field that the API does not have\n\n");
  const Scene empty;
  CHECK(empty.text() == "");
}

TEST_CASE("printable text has a limit", "[cli]") {
  CHECK(printable("abc") == "abc");
  CHECK(printable("a\tb\nc") == "a    b\\nc");
  CHECK(printable(std::string(100, 'x'), 10) == std::string(10, 'x') + "...");
  CHECK(printable(std::string(10, 'x'), 10) == std::string(10, 'x'));
}
