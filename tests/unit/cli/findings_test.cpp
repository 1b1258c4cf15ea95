#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/report/findings.h"
#include "ir/base/code.h"

using namespace weir;
using namespace weir::cli;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view kHostile = "<b onclick='x'>&\"\x1B[31m\r\n::error::%0A|`@here #1 https://x.y \xE2\x80\xAE\xFF";

struct Scene {
  ir::Files files;
  ir::Diagnostics diagnostics;
  explicit Scene(const std::string& above = "") {
    const auto text = above + "kind: X\nspec: {ü: {podSelektor: 1}}\n";
    const auto line = static_cast<std::uint32_t>(std::count(above.begin(), above.end(), '\n') + 2);
    files.add({"./dir/a b.yaml", std::make_shared<const std::string>(text)});
    diagnostics.report({.kind = ir::Code::UnknownField, .primary = {{0}, line, 13, line, 24}, .detail = "no field `podSelektor`",
                        .labels = {{{{0}, line - 1, 1, line - 1, 5}, "in this object"}}, .notes = {"a note"}, .fix = "rename it",
                        .witness = "{\"port\":80}"});
    diagnostics.report({.kind = ir::Code::FieldIgnored, .primary = {{9}, 0, 0, 0, 0}, .detail = std::string(kHostile), .labels = {},
                        .notes = {}, .fix = "", .witness = ""});
  }
};

const std::vector<Proof> kProofs = {{"deny a <-> b", true, "proven", 3}, {"allow c", false, "violated", 1234}};

}  // namespace

TEST_CASE("findings as JSON have the shape of cli.md", "[cli]") {
  const Scene scene;
  const std::string text = findings_json(scene.diagnostics, scene.files, kProofs, {{"gatewayStatus", "[1]"}});
  const Json json = Json::parse(text);
  CHECK(json["apiVersion"] == "weir.dev/v1alpha1");
  CHECK(json["summary"].dump() == R"({"errors":1,"warnings":0,"notes":1})");
  CHECK(json["findings"][0].dump() ==
        R"({"code":"WEIR0101","name":"unknown-field","severity":"error","message":"no field `podSelektor`",)"
        R"("file":"dir/a b.yaml","line":2,"column":13,"endLine":2,"endColumn":24,)"
        R"("related":[{"file":"dir/a b.yaml","line":1,"message":"in this object"}],"witness":{"port":80},)"
        R"("help":"docs/diagnostics/WEIR0101.md","notes":["a note"],"fix":"rename it"})");
  CHECK_FALSE(json["findings"][1].contains("file"));
  CHECK(json["proofs"][0].dump() == R"({"property":"deny a <-> b","holds":true,"status":"proven","millis":3})");
  CHECK(json["gatewayStatus"].dump() == "[1]");
  CHECK(findings_json(scene.diagnostics, scene.files, kProofs, {{"gatewayStatus", "[1]"}}) == text);
}

TEST_CASE("SARIF has rules, regions in characters and stable fingerprints", "[cli]") {
  const Scene scene, moved(std::string(100, '\n'));
  const Json json = Json::parse(findings_sarif(scene.diagnostics, scene.files, kProofs));
  const Json later = Json::parse(findings_sarif(moved.diagnostics, moved.files, kProofs));
  CHECK(json["version"] == "2.1.0");
  const Json& run = json["runs"][0];
  REQUIRE(run["results"].size() == 2);
  const Json& result = run["results"][0];
  CHECK(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
  const Json& place = result["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "dir/a%20b.yaml");
  CHECK(place["region"].dump() == R"({"startLine":2,"startColumn":12,"endLine":2,"endColumn":23})");
  CHECK(result["relatedLocations"].size() == 1);
  CHECK_FALSE(run["results"][1].contains("locations"));
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(run["results"][i]["partialFingerprints"] == later["runs"][0]["results"][i]["partialFingerprints"]);
  CHECK(run["results"][0]["partialFingerprints"] != run["results"][1]["partialFingerprints"]);
}

TEST_CASE("equal findings on equal lines have fingerprints of their own", "[cli]") {
  ir::Files files;
  files.add({"a.yaml", std::make_shared<const std::string>("- x: 1\n- x: 1\n")});
  ir::Diagnostics diagnostics;
  for (const std::uint32_t line : {1u, 2u})
    diagnostics.report({.kind = ir::Code::UnknownField, .primary = {{0}, line, 3, line, 4}, .detail = "no", .labels = {},
                        .notes = {}, .fix = "", .witness = ""});
  const Json json = Json::parse(findings_gitlab(diagnostics, files));
  CHECK(json[0]["fingerprint"] != json[1]["fingerprint"]);
  CHECK(json[0]["location"].dump() == R"({"path":"a.yaml","lines":{"begin":1}})");
  CHECK(json[0]["severity"] == "critical");
}

TEST_CASE("JUnit is escaped XML", "[cli]") {
  const Scene scene;
  const std::string text = findings_junit(scene.diagnostics, scene.files, kProofs);
  CHECK(text.find("<b onclick") == std::string::npos);
  CHECK(text.find('\x1B') == std::string::npos);
  CHECK(text.find("tests=\"4\" failures=\"2\"") != std::string::npos);
  CHECK(text.find("name=\"deny a &lt;-&gt; b\" time=\"0.003\"/>") != std::string::npos);
  CHECK(text.find("time=\"1.234\"") != std::string::npos);
  const ir::Diagnostics none;
  CHECK(findings_junit(none, scene.files, {}).find("tests=\"1\" failures=\"0\"") != std::string::npos);
}

TEST_CASE("GitHub commands cannot be forged, and are at most ten", "[cli]") {
  const Scene scene;
  CHECK(findings_github(scene.diagnostics, scene.files) ==
        "::error file=dir/a b.yaml,line=2,endLine=2,col=13,endColumn=24,title=WEIR0101 unknown-field::no field `podSelektor`\n"
        "::notice title=WEIR0109 field-ignored::<b onclick='x'>&\"\\x1b[31m\\x0d\\n::error::%250A|`@here #1 https://x.y \\u{202e}\\xff\n");
  ir::Diagnostics many;
  for (std::uint32_t line = 1; line <= 25; ++line)
    many.report({.kind = ir::Code::UnknownField, .primary = {{0}, line, 1, line, 2}, .detail = "x", .labels = {}, .notes = {},
                 .fix = "", .witness = ""});
  const std::string text = findings_github(many, scene.files);
  CHECK(std::count(text.begin(), text.end(), '\n') == 10);
  CHECK(text.find("::error title=weir::16 more in the report\n") != std::string::npos);
}

TEST_CASE("Markdown shows twenty rows, folds the rest and stays below GitHub's limit", "[cli]") {
  const Scene scene;
  const std::string text = findings_markdown(scene.diagnostics, scene.files, kProofs);
  CHECK(text.find("**weir: 1 error, 1 note**\n\n<!-- weir:pr -->\n") == 0);
  CHECK(text.find("no field <code>podSelektor</code> |\n") != std::string::npos);
  for (const char* forbidden : {"<b", "@here", "#1 ", "https://", "\x1B"}) CHECK(text.find(forbidden) == std::string::npos);
  CHECK(text.find("- holds: deny a &#60;-&#62; b\n") != std::string::npos);
  ir::Diagnostics many;
  for (std::uint32_t line = 1; line <= 5000; ++line)
    many.report({.kind = ir::Code::UnknownField, .primary = {{0}, line, 1, line, 2}, .detail = std::string(100, '<'), .labels = {},
                 .notes = {}, .fix = "", .witness = ""});
  const std::string big = findings_markdown(many, scene.files, {});
  CHECK(big.size() <= 65'536);
  CHECK(big.find("<details><summary>4980 more</summary>") != std::string::npos);
  CHECK(big.find("</details>") != std::string::npos);
  CHECK(big.find(" more in the full report") != std::string::npos);
}

TEST_CASE("formats by name", "[cli]") {
  const Scene scene;
  for (const char* name : {"json", "sarif", "junit", "github", "gitlab", "markdown"})
    CHECK_FALSE(findings_as(name, scene.diagnostics, scene.files, kProofs).empty());
  CHECK(findings_as("xml", scene.diagnostics, scene.files, kProofs).empty());
}
