#include <catch2/catch.hpp>

#include "tests/unit/compiler/source/source_helpers.h"

using namespace weir;
using namespace weir::compiler;

namespace {

std::string diagnostics_of(const Read& read) {
  std::string text;
  ir::Diagnostics all = read.diagnostics;
  all.sort();
  for (const ir::Diagnostic& d : all.list()) text += std::string(ir::info(d.kind).id) + " " + text_of(d.primary) + " " + d.detail + "\n";
  return text;
}

std::string outlines_of(const Sources& sources) {
  std::string text;
  for (const Document& document : sources.documents) {
    outline(document.root, text);
    text += "--\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a large List read an item at a time gives what the whole tree gives", "[source]") {
  struct Case { std::string_view why, text; std::size_t documents; };
  const auto c = GENERATE(values<Case>({
      {"kind behind the items, as kubectl writes it", R"({"apiVersion":"v1","items":[{"a":1},{"b":"x\n"}],"kind":"List"})", 2},
      {"a typed list gives its items a kind", R"({"kind":"PodList","apiVersion":"v1","items":[{"a":1},{"kind":"Pod","b":[2,{}]}]})", 2},
      {"a List in a List", R"({"kind":"List","items":[{"kind":"List","items":[{"a":1},{"b":2}]},{"c":3}]})", 3},
      {"items of other kinds", R"({"kind":"List","items":[1,"two",null,[3],{}]})", 5},
      {"no list", R"({"kind":"ConfigMap","items":[{"a":1}],"apiVersion":"v1"})", 1},
      {"items that is an object", R"({"kind":"List","items":{"a":[1]}})", 0},
      {"items that is text", R"({"kind":"List","items":"x"})", 0},
      {"items twice", R"({"kind":"List","items":[{"a":1}],"items":[{"b":1}]})", 1},
      {"a key twice in an item", R"({"kind":"List","items":[{"a":1,"a":2}]})", 1},
      {"a key twice in the head", R"({"kind":"List","kind":"List","items":[{"a":1}]})", 1},
      {"an escaped key", R"({"kind":"List","it\u0065ms":[{"a":1}]})", 1},
      {"a List and another", "{\"kind\":\"List\",\n\"items\":[{\"a\":1}\n]}\n{\"b\":2}\n", 2},
      {"cut off", R"({"kind":"List","items":[{"a":1},{"b")", 0},
      {"no comma", R"({"kind":"List","items":[{"a":1}{"b":2}]})", 0},
      {"a number of many digits", R"({"kind":"List","items":[{"a":123456789012345678901234567890}]})", 1}}));
  INFO(c.why);
  SourceLimits bulk;
  bulk.bulk_bytes = 0;
  const Read whole(std::string(c.text), "in.json"), one(std::string(c.text), "in.json", bulk);
  CHECK(one.sources.documents.size() == c.documents);
  CHECK(outlines_of(one.sources) == outlines_of(whole.sources));
  CHECK(diagnostics_of(one) == diagnostics_of(whole));
}

TEST_CASE("a List past the limits of an object is refused either way", "[source]") {
  SourceLimits small, bulk;
  small.object_nodes = bulk.object_nodes = 20;
  bulk.bulk_bytes = 0;
  const std::string text = R"({"kind":"List","items":[{"a":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]}]})";
  const Read whole(text, "in.json", small), one(text, "in.json", bulk);
  CHECK(whole.sources.documents.empty());
  CHECK(one.sources.documents.empty());
  CHECK(one.first() == whole.first());
}

TEST_CASE("every document passes the sink once, and its tree can be taken", "[source]") {
  ir::Files files;
  ir::Diagnostics diagnostics;
  std::string seen;
  const Sources sources = read_text("in.yaml", "kind: List\nitems: [{a: 1}, {b: 2}]\n---\nc: 3\n", {}, files, diagnostics,
                                    [&](Document& document) {
                                      seen += document.root.entries.front().first.text;
                                      document.root = {};
                                    });
  CHECK(seen == "abc");
  CHECK(sources.documents.size() == 3);
  CHECK(sources.documents.front().root.is_null());
}

TEST_CASE("a long List read an item at a time gives the same mistakes in the same order", "[source]") {
  std::string text = R"({"kind":"List","items":[)";
  for (int i = 0; i < 3000; ++i)
    text += (i > 0 ? ",\n" : "\n") + std::string(i % 700 == 650 ? R"({"a":1,"a":2,"n":)" : R"({"n":)") + std::to_string(i) + "}";
  text += "]}";
  SourceLimits bulk;
  bulk.bulk_bytes = 0;
  const Read whole(text, "in.json"), one(text, "in.json", bulk);
  CHECK(one.sources.documents.size() == 3000);
  CHECK(outlines_of(one.sources) == outlines_of(whole.sources));
  CHECK(one.diagnostics.list().size() == 4);
  CHECK(one.diagnostics.list() == whole.diagnostics.list());
}
