// Mutated documents: whatever the bytes, the source ends, every place lies inside the file, libyaml alone never reads
// another tree than both readers agree on, and what was read prints to text that reads back the same.
// WEIR_MUTATIONS sets the number of rounds; the seed is printed on failure.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "tests/unit/compiler/source/source_helpers.h"

using namespace weir;
using namespace weir::compiler;

namespace {

const std::vector<std::string> kSeeds = {
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {app: \"w e\\tb\", x: 'it''s'}}\n",
    "a:\n- b: 1\n  c: [x, y, {z: ~}]\n- - 1\n  - |\n    text\n     more\n\n  - >-\n    folded\n    text\nd: !!str 5\n---\n# weir:ignore WEIR0112 x\ne: 1 # c\n...\n",
    "{\"a\": [1, -2.5e10, true, null, \"\\u00e9\\ud83d\\ude00\\n\"], \"b\": {}, \"c\": []}",
    "kind: List\nitems:\n- {kind: A}\n- kind: PodList\n  items: [{metadata: {name: x}}]\n",
    "? long key\n: v\n\"k\": é漢\nplain: multi\n  line\n\n  text\n",
    "a: &x 1\nb: *x\n", "%YAML 1.1\n---\na: !t b\n", "a: {{ .Values.x }}\n"};

const std::vector<std::string> kPieces = {"\n", "  ", "\t", "- ", ": ", "{", "}", "[", "]", ",", "\"", "'", "|\n", ">\n", "#", " #", "&a ", "*a",
                                          "!!int ", "?", "? ", "---\n", "...\n", "~", "null", "\xC2\x85", "\xE2\x80\xA8", "\xEF\xBB\xBF", "\r\n",
                                          "\r", "\\", "\x80", "é", "<<: ", "1", "e", "%", "@", "`", "weir:ignore "};

std::string mutate(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n == 0 ? 0 : n - 1)(random); };
  for (std::size_t count = 1 + below(4); count > 0; --count) {
    const std::size_t at = below(text.size() + 1);
    switch (below(4)) {
      case 0: text.insert(at, kPieces[below(kPieces.size())]); break;
      case 1: text.erase(at, 1 + below(4)); break;
      case 2: text = text.substr(0, at) + text.substr(below(text.size() + 1)); break;
      default: text.insert(at, text.substr(below(text.size() + 1), below(20))); break;
    }
    if (text.size() > 4000) text.resize(4000);
  }
  return text;
}

bool same_content(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size() || a.entries.size() != b.entries.size())
    return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!same_content(a.items[i], b.items[i])) return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i)
    if (a.entries[i].first.text != b.entries[i].first.text || !same_content(a.entries[i].second, b.entries[i].second)) return false;
  return true;
}

bool inside(const ir::Span& span, std::uint32_t lines) {
  return span.line >= 1 && span.line <= lines && span.column >= 1 && span.end_line >= span.line && span.end_line <= lines &&
         (span.end_line > span.line || span.end_column >= span.column);
}

bool all_inside(const Node& node, std::uint32_t lines) {
  if (!inside(node.span, lines)) return false;
  for (const Node& item : node.items)
    if (!all_inside(item, lines)) return false;
  for (const auto& [key, value] : node.entries)
    if (!all_inside(key, lines) || !all_inside(value, lines)) return false;
  return true;
}

void check(const std::string& text, const std::string& name) {
  SourceLimits bulk;
  bulk.bulk_bytes = 0;
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n') + 1);
  const Read both(text, name), one(text, name, bulk);
  for (const auto& d : both.diagnostics.list()) CHECK(inside(d.primary, lines));
  for (const Document& document : both.sources.documents) {
    CHECK(all_inside(document.root, lines));
    const std::string printed = to_yaml(document.root);
    const Read again(printed);
    INFO("printed: " << printed << again.first());
    REQUIRE(again.sources.documents.size() == (document.root.is_null() ? 0 : 1));
    CHECK((document.root.is_null() || same_content(document.root, again.sources.documents[0].root)));
  }
  if (!both.diagnostics.has(ir::Effect::Refuse)) CHECK(outline(both.sources) == outline(one.sources));
}

}  // namespace

TEST_CASE("mutated documents", "[source]") {
  const char* wanted = std::getenv("WEIR_MUTATIONS");
  const unsigned long rounds = wanted ? std::strtoul(wanted, nullptr, 10) : 3000;
  for (unsigned long seed = 1; seed <= rounds; ++seed) {
    std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
    const std::string text = mutate(kSeeds[seed % kSeeds.size()], random);
    INFO("seed " << seed << ": " << text);
    check(text, "in.yaml");
    check(text, "in.json");
  }
}
