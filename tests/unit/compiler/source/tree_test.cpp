#include <catch2/catch.hpp>

#include "tests/unit/compiler/source/source_helpers.h"

using namespace weir;
using namespace weir::compiler;

namespace {

/// A tree without places: kind, text, quoted.
bool same_content(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size() || a.entries.size() != b.entries.size())
    return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!same_content(a.items[i], b.items[i])) return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i)
    if (!same_content(a.entries[i].first, b.entries[i].first) || !same_content(a.entries[i].second, b.entries[i].second))
      return false;
  return true;
}

}  // namespace

TEST_CASE("every value has a span", "[source]") {
  const Read read("# c\n"
                  "a: {x: 1, \"y\": [a,b, ]}\n"
                  "l:\n"
                  "- \"q\\nw\"\n"
                  "- plain\n"
                  "  multi\n"
                  "- |\n"
                  "  block\n"
                  "  text\n"
                  "\n"
                  "- ~\n"
                  "é: ö #x\n"
                  "empty:\n"
                  "last: !!str 1\n");
  CHECK(read.first() == "");
  REQUIRE(read.sources.documents.size() == 1);
  CHECK(outline(read.sources.documents[0].root) ==
        "map 2:1-14:14\n"
        "  scalar 2:1-2:2 a\n"
        "    map 2:4-2:24\n"
        "      scalar 2:5-2:6 x\n"
        "        scalar 2:8-2:9 1\n"
        "      scalar 2:11-2:14 \"y\"\n"
        "        seq 2:16-2:23\n"
        "          scalar 2:17-2:18 a\n"
        "          scalar 2:19-2:20 b\n"
        "  scalar 3:1-3:2 l\n"
        "    seq 4:1-11:4\n"
        "      scalar 4:3-4:9 \"q\nw\"\n"
        "      scalar 5:3-6:8 plain multi\n"
        "      scalar 7:3-9:7 \"block\ntext\n\"\n"
        "      null 11:3-11:4\n"
        "  scalar 12:1-12:3 é\n"
        "    scalar 12:5-12:7 ö\n"
        "  scalar 13:1-13:6 empty\n"
        "    null 13:6-13:6\n"
        "  scalar 14:1-14:5 last\n"
        "    scalar 14:7-14:14 \"1\"\n");
}

TEST_CASE("JSON gives the same spans as the same text in YAML", "[source]") {
  const std::string text = "{\"kind\": \"X\", \"n\": [1, -2.5e3, true, null, {}],\n \"big\": 123456789012345678901234567890,\n"
                           " \"ü\\u0041\\n\": \"\\/\"}";
  const Read json(text, "in.json"), yaml(text, "in.yaml", SourceLimits{});
  const Read flow(text + " # YAML\n", "in.yaml");
  CHECK(json.first() == "");
  REQUIRE(json.sources.documents.size() == 1);
  REQUIRE(flow.sources.documents.size() == 1);
  CHECK(outline(json.sources.documents[0].root) == outline(flow.sources.documents[0].root));
  CHECK(outline(json.sources) == outline(yaml.sources));
  CHECK(json.sources.documents[0].root.find("big")->text == "123456789012345678901234567890");
  CHECK(json.sources.documents[0].root.find("üA\n")->text == "/");
}

TEST_CASE("libyaml alone gives the tree that both readers agree on", "[source]") {
  const std::string text = "a: 1\nb:\n- x: {z: 'z'}\n- >\n  folded\n  text\n---\nc: \"d\"\n";
  SourceLimits bulk;
  bulk.bulk_bytes = 0;
  const Read both(text), one(text, "in.yaml", bulk);
  CHECK(both.first() == "");
  CHECK(one.first() == "");
  CHECK(both.sources.documents.size() == 2);
  CHECK(outline(both.sources) == outline(one.sources));
  CHECK(both.files.files[0].text != nullptr);
  CHECK(one.files.files[0].text == nullptr);
}

TEST_CASE("null is recognised, and only unquoted", "[source]") {
  struct Case { std::string_view why, text; NodeKind kind; };
  const auto c = GENERATE(values<Case>({{"nothing", "a:\n", NodeKind::Null},
                                        {"tilde", "a: ~\n", NodeKind::Null},
                                        {"word", "a: null\n", NodeKind::Null},
                                        {"capital", "a: Null\n", NodeKind::Null},
                                        {"shout", "a: NULL\n", NodeKind::Null},
                                        {"tagged", "a: !!null ~\n", NodeKind::Null},
                                        {"other case", "a: nULL\n", NodeKind::Scalar},
                                        {"quoted word", "a: \"null\"\n", NodeKind::Scalar},
                                        {"quoted nothing", "a: ''\n", NodeKind::Scalar},
                                        {"empty block", "a: |\n", NodeKind::Scalar},
                                        {"string tag", "a: !!str null\n", NodeKind::Scalar}}));
  INFO(c.why);
  const Read read{std::string(c.text)};
  CHECK(read.first() == "");
  REQUIRE(read.sources.documents.size() == 1);
  CHECK(read.sources.documents[0].root.find("a")->kind == c.kind);
}

TEST_CASE("to_yaml prints what reads back the same", "[source]") {
  const Read read("a: {x: 1, \"y\": [a,b, [], {}]}\nl:\n- \"q\\n\\x07w\\\\\"\n- plain\n\n  multi\n- |\n  b: c # d\n- - 1\n  - [2]\n"
                  "- k: v\n  m: ~\n'on': \"\\x80\\uFEFF\\u0085é\"\n? \"" + std::string(2000, 'k') + "\"\n: v\n");
  CHECK(read.first() == "");
  REQUIRE(read.sources.documents.size() == 1);
  const std::string text = to_yaml(read.sources.documents[0].root);
  INFO(text);
  const Read again(text);
  CHECK(again.first() == "");
  REQUIRE(again.sources.documents.size() == 1);
  CHECK(same_content(read.sources.documents[0].root, again.sources.documents[0].root));
}

TEST_CASE("no byte of a Secret's data is printed", "[source]") {
  const Read read("kind: Secret\napiVersion: v1\nmetadata: {name: s, annotations: {last: hidden}}\ndata: {k: hidden}\nstringData: {a: hidden}\n");
  REQUIRE(read.sources.documents.size() == 1);
  CHECK(to_yaml(read.sources.documents[0].root).find("hidden") == std::string::npos);
  CHECK(read.files.files[0].secret);
  const Read broken("kind: \"Secret\"\ndata: {k: hidden\n");
  CHECK(broken.files.files[0].secret);
  CHECK(broken.first().find("hidden") == std::string::npos);
  const Read typed("kind: SecretList\napiVersion: v1\nitems: [{data: {a: b}}]\n");
  CHECK(typed.files.files[0].secret);
  const Read other("kind: SecretStore\n");
  CHECK_FALSE(other.files.files[0].secret);
}
