#include <catch2/catch.hpp>

#include "cli/report/explain.h"
#include "cli/report/suppress.h"
#include "ir/base/code.h"

using namespace weir;
using namespace weir::cli;

namespace {

/// Reads `text`, puts one WEIR0112 (a finding) on `line`, suppresses on 2026-06-15 and tells what is left.
std::string left(std::string text, std::uint32_t line, SuppressOptions options = {"2026-06-15", false}) {
  ir::Files files;
  ir::Diagnostics diagnostics;
  const compiler::Sources sources = compiler::read_text("a.yaml", std::move(text), {}, files, diagnostics);
  diagnostics.report({.kind = ir::Code::PrefixHostBits, .primary = {{0}, line, 1, line, 2}, .detail = "x", .labels = {},
                      .notes = {}, .fix = "", .witness = ""});
  suppress(diagnostics, sources, files, options);
  std::string out;
  for (const auto& d : diagnostics.list()) out += std::string(ir::info(d.kind).id) + "@" + std::to_string(d.primary.line) + " ";
  return out;
}

}  // namespace

TEST_CASE("where a suppression reaches", "[cli]") {
  struct Case { std::string_view why, text; std::uint32_t line; std::string_view left; };
  const auto c = GENERATE(values<Case>({
      {"on the line", "a: 1\nb: 2  # weir:ignore WEIR0112 why\nc: 3\n", 2, ""},
      {"not the line below a comment beside a value", "a: 1  # weir:ignore WEIR0112 why\nb: 2\n", 2, "WEIR0112@2 WEIR0010@1 "},
      {"on the line above", "a: 1\n# weir:ignore WEIR0112 why\nb: 2\n", 3, ""},
      {"above, with more comments between", "# weir:ignore WEIR0112 why\n# more\n\nb: 2\n", 4, ""},
      {"not further down", "# weir:ignore WEIR0112 why\na: 1\nb: 2\n", 3, "WEIR0112@3 WEIR0010@1 "},
      {"by slug", "# weir:ignore prefix-host-bits why\na: 1\n", 2, ""},
      {"another code", "# weir:ignore WEIR0111 why\na: 1\n", 2, "WEIR0112@2 WEIR0010@1 "},
      {"no such code", "# weir:ignore WEIR9999 why\na: 1\n", 2, "WEIR0112@2 WEIR0010@1 "},
      {"no code", "# weir:ignore\na: 1\n", 2, "WEIR0112@2 WEIR0010@1 "},
      {"misspelt", "# weir:ignroe WEIR0112 why\na: 1\n", 2, "WEIR0112@2 WEIR0010@1 "},
      {"an error is not suppressed", "# weir:ignore WEIR0101 why\na: 1\n", 2, "WEIR0112@2 WEIR0010@1 "},
      {"inside a text", "a: \"# weir:ignore WEIR0112 why\"\n", 1, "WEIR0112@1 "},
      {"until today", "# weir:ignore WEIR0112 why until=2026-06-15\na: 1\n", 2, ""},
      {"until yesterday", "# weir:ignore WEIR0112 why until=2026-06-14\na: 1\n", 2, "WEIR0112@2 WEIR0009@1 "},
      {"no date", "# weir:ignore WEIR0112 why until=soon\na: 1\n", 2, "WEIR0112@2 WEIR0010@1 "},
      {"a month 13", "# weir:ignore WEIR0112 why until=2026-13-01\na: 1\n", 2, "WEIR0112@2 WEIR0010@1 "},
      {"annotation covers its object", "metadata:\n  annotations:\n    weir.dev/ignore: \"WEIR0112: why\"\nspec: 1\n", 4, ""},
      {"annotation with a date", "metadata:\n  annotations: {weir.dev/ignore: \"WEIR0112: why until=2020-01-01\"}\nspec: 1\n", 3,
       "WEIR0112@3 WEIR0009@2 "},
      {"annotation does not reach the next object",
       "metadata: {annotations: {weir.dev/ignore: \"WEIR0112: why\"}}\n---\na: 1\n", 3, "WEIR0112@3 WEIR0010@1 "}}));
  INFO(c.why);
  CHECK(left(std::string(c.text), c.line) == c.left);
}

TEST_CASE("a suppression of a proof is judged only when proofs ran", "[cli]") {
  const std::string text = "# weir:ignore WEIR0201 why\na: 1\n";
  CHECK(left(text, 2, {"2026-06-15", false}) == "WEIR0112@2 ");
  CHECK(left(text, 2, {"2026-06-15", true}) == "WEIR0112@2 WEIR0010@1 ");
}

TEST_CASE("explain by code, number and slug", "[cli]") {
  for (const char* name : {"WEIR0003", "weir0003", "0003", "duplicate-key"}) {
    const auto page = explain(name);
    REQUIRE(page);
    CHECK(page->starts_with("# WEIR0003 duplicate-key\n"));
  }
  const auto none = explain("duplicate-keys");
  REQUIRE_FALSE(none);
  CHECK(none.error().exit_code == 2);
  CHECK(none.error().message == "no diagnostic `duplicate-keys`; did you mean `duplicate-key`?");
  CHECK(explain_all().find("WEIR0003 error   duplicate-key") != std::string::npos);
}
