#include <catch2/catch.hpp>

#include "tests/unit/compiler/source/source_helpers.h"

using namespace weir;
using namespace weir::compiler;

namespace {

std::string names(const Sources& sources) {
  std::string out;
  for (const Document& document : sources.documents) {
    const Node* metadata = document.root.find("metadata");
    const Node* name = metadata ? metadata->find("name") : nullptr;
    const Node* kind = document.root.find("kind");
    out += (kind ? kind->text : "?") + "/" + (name ? name->text : "?") + " ";
  }
  return out;
}

}  // namespace

TEST_CASE("documents of a stream", "[source]") {
  struct Case { std::string_view why, text; std::size_t documents, errors; };
  const auto c = GENERATE(values<Case>({
      {"empty file", "", 0, 0},
      {"comments only", "# a\n\n  # b\n", 0, 0},
      {"empty documents", "---\n---\n---\n...\n---\n# c\n", 0, 0},
      {"a null document", "---\n~\n---\na: 1\n", 1, 0},
      {"text on the marker line", "--- {a: 1}\n--- # c\nb: 2\n", 2, 0},
      {"end marker", "a: 1\n...\n---\nb: 2\n...\n", 2, 0},
      {"bare document after the end marker", "a: 1\n...\nb: 2\n", 2, 0},
      {"a separator inside a block scalar is text", "a: |\n  ---\n  b: 1\n", 1, 0},
      {"CR LF", "a: 1\r\n---\r\nb: 2\r\n", 2, 0},
      {"no line end", "a: 1\n---\nb: 2", 2, 0},
      {"the middle one is broken", "a: 1\n---\nb: [\n---\nc: 3\n", 2, 1},
      {"two are broken", "a: '\n---\nb: {\n---\nc: 3\n", 1, 2},
      {"an alias spoils its own document only", "a: *x\n---\nc: 3\n", 1, 1},
      {"longer lines are no marker", "a: 1\n----\n", 0, 1}}));
  INFO(c.why);
  const Read read{std::string(c.text)};
  CHECK(read.sources.documents.size() == c.documents);
  CHECK(read.diagnostics.list().size() == c.errors);
}

TEST_CASE("what is refused, where and why", "[source]") {
  using namespace std::string_view_literals;
  struct Case { std::string_view why, text, name, first; };
  const auto c = GENERATE(values<Case>({
      {"NUL", "a: 1\nb: \0\n"sv, "in.yaml", "WEIR0002 2:4 a NUL byte"},
      {"Latin-1", "a: 1\n# \xE9\n"sv, "in.yaml", "WEIR0002 2:3 byte 0xE9 is not valid UTF-8 here"},
      {"overlong", "a: \xC0\xAE\n"sv, "in.yaml", "WEIR0002 1:4 byte 0xC0 is not valid UTF-8 here"},
      {"surrogate", "a: \xED\xA0\x80\n"sv, "in.yaml", "WEIR0002 1:4 byte 0xED is not valid UTF-8 here"},
      {"cut sequence", "a: \xE2\x82"sv, "in.yaml", "WEIR0002 1:4 byte 0xE2 is not valid UTF-8 here"},
      {"escape character", "a: \x1B[0m\n"sv, "in.yaml", "WEIR0002 1:4 the control character U+001B"},
      {"UTF-16", "\xFF\xFE" "a\0"sv, "in.yaml", "WEIR0002 1:1 this file holds UTF-16 text, not UTF-8 text"},
      {"gzip", "\x1F\x8B\x08\0"sv, "in.yaml", "WEIR0002 1:1 this file holds gzip data, not UTF-8 text"},
      {"BOM inside", "a: 1\n---\n\xEF\xBB\xBF" "b: 1\n"sv, "in.yaml", "WEIR0002 3:1 a byte order mark inside the file"},
      {"old Mac lines", "a: 1\rb: 2\r"sv, "in.yaml", "WEIR0002 1:5 a carriage return that ends no line"},
      {"alias", "a: &x [*x]\n"sv, "in.yaml", "WEIR0004 1:4 an anchor (`&x`)"},
      {"directive", "%YAML 1.1\n---\na: 1\n"sv, "in.yaml", "WEIR0007 1:1 a YAML directive (`%`)"},
      {"merge key", "a: {<<: 5}\n"sv, "in.yaml", "WEIR0007 1:5 merge keys (`<<`) are not accepted"},
      {"boolean key", "a: {on: x}\n"sv, "in.yaml", "WEIR0007 1:5 the key `on` is a boolean for Kubernetes' reader"},
      {"null key", "? ~\n: x\n"sv, "in.yaml", "WEIR0007 1:3 a key that is null"},
      {"list as key", "[a]: b\n"sv, "in.yaml", "WEIR0007 1:1 a list or mapping as a key"},
      {"tab", "a:\n\tb: 1\n"sv, "in.yaml", "WEIR0001 2:1 a tab indents this line"},
      {"tab after a dash", "a:\n-\tb: 1\n"sv, "in.yaml", "WEIR0001 2:2 a tab indents this line"},
      {"template", "a: {{ .x }}\n"sv, "in.yaml", "WEIR0001 1:4 a template that was not rendered (`{{ ... }}`)"},
      {"conflict", "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n"sv, "in.yaml", "WEIR0001 2:1 a conflict marker of git"},
      {"one byte", ","sv, "in.yaml", "WEIR0001 1:1 did not find expected node content"},
      {"JSON: comment", "{\"a\": 1, // x\n}"sv, "in.json", "WEIR0001 1:10 expected a key in double quotes"},
      {"JSON: cut", "{\"a\": \"b"sv, "in.json", "WEIR0001 1:7 the text ends inside this string"},
      {"JSON: cut later", "{\"a\": 1,\n"sv, "in.json", "WEIR0001 2:1 the text ends here, inside a value"},
      {"JSON: number", "[01]"sv, "in.json", "WEIR0001 1:3 expected `,` or `]`"},
      {"JSON: escape", "[\"\\x\"]"sv, "in.json", "WEIR0001 1:3 an escape that JSON does not have, or half of a surrogate pair"},
      {"JSON: half a pair", "[\"\\ud83d\\ude00\\ud800x\"]"sv, "in.json", "WEIR0001 1:15 an escape that JSON does not have, or half of a surrogate pair"},
      {"JSON: tail", "[1] x"sv, "in.json", "WEIR0001 1:5 expected a JSON value"}}));
  INFO(c.why);
  const Read read(std::string(c.text), std::string(c.name));
  CHECK(read.first() == c.first);
  CHECK(ir::info(read.diagnostics.list().at(0).kind).effect == ir::Effect::Refuse);
}

TEST_CASE("foreign tags are reported and the document is read on", "[source]") {
  struct Case { std::string_view why, text, first; };
  const auto c = GENERATE(values<Case>({
      {"include", "a: !include x\n", "WEIR0008 1:4 the tag `!include` means nothing here"},
      {"binary", "a: !!binary d2Vi\n", "WEIR0008 1:4 the tag `!!binary` means nothing here"},
      {"a tag that lies", "a: !!int\n  - 1\n", "WEIR0008 1:4 the tag `!!int` means nothing here"},
      {"a core tag", "a: !!map {b: !!int 1, c: !!str 2, d: !!seq []}\n", ""}}));
  INFO(c.why);
  const Read read{std::string(c.text)};
  CHECK(read.first() == c.first);
  CHECK(read.sources.documents.size() == 1);
  CHECK_FALSE(read.diagnostics.has(ir::Effect::Refuse));
}

TEST_CASE("a duplicate key names the first one", "[source]") {
  const auto name = GENERATE(std::string("in.yaml"), std::string("in.json"));
  const Read read("{\"b\": 1,\n \"a\": 1,\n \"a\": 2}", name);
  CHECK(read.first() == "WEIR0003 3:2 the key `a` is already in this mapping");
  REQUIRE(read.diagnostics.list().size() == 1);
  CHECK(text_of(read.diagnostics.list()[0].labels.at(0).span) == "2:2-2:5");
  REQUIRE(read.sources.documents.size() == 1);
  CHECK(read.sources.documents[0].root.find("a")->text == "1");
  CHECK(read.sources.documents[0].root.entries.size() == 2);
}

TEST_CASE("a duplicate is found among many keys", "[source]") {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  const Read read(text + "k77: 2\nk50000: 1\n");
  CHECK(read.first() == "WEIR0003 50001:1 the key `k77` is already in this mapping");
  CHECK(read.diagnostics.list().size() == 1);
}

TEST_CASE("limits", "[source]") {
  SourceLimits limits;
  limits.depth = 3;
  limits.object_nodes = 10;
  limits.object_bytes = 100;
  limits.scalar_bytes = 1000;
  struct Case { std::string_view why; std::string text, first; };
  const std::string ten = "- {a: 1, b: 2, c: 3}\n", big(500, 'x'), huge(1001, 'x');
  const auto c = GENERATE_COPY(values<Case>({
      {"depth at the limit", "a: [[1]]\n", ""},
      {"too deep", "a: [[[1]]]\n", "WEIR0005 1:6 values are nested deeper than 3 levels"},
      {"too many values", "a: [1,2,3,4,5,6,7]\nb: 1\n", "WEIR0005 2:1 the object has more than 10 values"},
      {"items of a list count for themselves", "kind: List\nitems:\n" + ten + ten + ten, ""},
      {"one large value", "a: " + big + "\n", ""},
      {"two large values", "a: " + big + "\nb: " + big + "\n", "WEIR0005 2:4 the object has more than 0 MiB besides its largest value"},
      {"a value too large", "a: " + huge + "\n", "WEIR0005 1:4 a value of more than 0 MiB"}}));
  INFO(c.why);
  const Read yaml(c.text, "in.yaml", limits);
  CHECK(yaml.first() == c.first);
  CHECK(yaml.sources.documents.empty() == !c.first.empty());
}

TEST_CASE("JSON nested too deep", "[source]") {
  const Read read(std::string(101, '[') + std::string(101, ']'), "in.json");
  CHECK(read.first() == "WEIR0005 1:101 values are nested deeper than 100 levels");
}

TEST_CASE("lists become their items", "[source]") {
  struct Case { std::string_view why, text, names, first; };
  const auto c = GENERATE(values<Case>({
      {"List", "kind: List\nitems:\n- {kind: A, metadata: {name: x}}\n- {kind: B}\n", "A/x B/? ", ""},
      {"List in a List", "kind: List\nitems: [{kind: List, items: [{kind: A, metadata: {name: x}}]}]\n", "A/x ", ""},
      {"typed list gives its items a kind", "kind: PodList\napiVersion: v1\nitems: [{metadata: {name: x}}]\n", "Pod/x ", ""},
      {"typed list keeps a kind that is there", "kind: PodList\nitems: [{kind: A}]\n", "A/? ", ""},
      {"no items", "kind: List\n", "", ""},
      {"null items", "kind: List\nitems: null\n", "", ""},
      {"items is a map", "kind: List\nitems: {a: b}\n", "", "WEIR0006 2:8 `items` of a List must be a list of objects"},
      {"a kind that ends in List without items", "kind: AllowList\nmetadata: {name: x}\n", "AllowList/x ", ""}}));
  INFO(c.why);
  const Read read{std::string(c.text)};
  CHECK(names(read.sources) == c.names);
  CHECK(read.first() == c.first);
}

TEST_CASE("an item of a typed list carries its list's version and span", "[source]") {
  const Read read("kind: PodList\napiVersion: v1\nitems: [{metadata: {name: x}}]\n");
  REQUIRE(read.sources.documents.size() == 1);
  const Node& root = read.sources.documents[0].root;
  CHECK(root.find("apiVersion")->text == "v1");
  CHECK(text_of(root.find("kind")->span) == "1:7-1:14");
}

TEST_CASE("comments for weir", "[source]") {
  const Read read("# weir:ignore WEIR0101 top  \n"
                  "a: \"# weir:no\" # weir:ignore WEIR0102 side\n"
                  "b: |  # weir:ignore header\n"
                  "  # weir:no\n"
                  "c: 'x\n"
                  "  # weir:no'\n"
                  "d: x# weir:no\n"
                  "#weir:tight\n"
                  "---\n"
                  "e: 1  #\tweir: spaced\n");
  CHECK(read.first() == "");
  std::string found;
  for (const WeirComment& comment : read.sources.comments)
    found += std::to_string(comment.span.line) + ":" + std::to_string(comment.span.column) + " [" + comment.text + "]\n";
  CHECK(found == "1:1 [ignore WEIR0101 top]\n2:16 [ignore WEIR0102 side]\n3:7 [ignore header]\n8:1 [tight]\n10:7 [spaced]\n");
}

TEST_CASE("a byte order mark at the start is skipped", "[source]") {
  const auto name = GENERATE(std::string("in.yaml"), std::string("in.json"));
  const Read read("\xEF\xBB\xBF{\"a\": 1}", name);
  CHECK(read.first() == "");
  REQUIRE(read.sources.documents.size() == 1);
  CHECK(text_of(read.sources.documents[0].root.span) == "1:1-1:9");
}
