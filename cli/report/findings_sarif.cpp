// SARIF 2.1.0 as GitHub reads it: ergonomics.md section 2 has the limits.

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/report/display.h"
#include "cli/report/findings_common.h"
#include "cli/report/snippet.h"

namespace weir::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostResults = 25'000;
constexpr std::size_t kMostRelated = 100;

std::string level_of(ir::Severity severity) { return std::string(to_text(severity)); }  // the words are the same

/// RFC 3986: everything but unreserved characters and `/` is percent-encoded.
std::string uri_of(const std::string& file) {
  std::string out = file.starts_with('/') ? "file://" : "";
  for (const char c : file) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte < 0x80 && std::isalnum(byte) != 0) || std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 0xF]};
    }
  }
  return out;
}

/// A byte column as a column in Unicode characters, from 1.
std::uint32_t character_column(std::string_view line, std::uint32_t column) {
  const std::string_view before = line.substr(0, std::min<std::size_t>(column - 1, line.size()));
  const auto inside = std::count_if(before.begin(), before.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; });
  return column - static_cast<std::uint32_t>(inside);
}

Json location(const ir::Files& files, LineTable& lines, const ir::Span& span) {
  Json region;
  region["startLine"] = span.line;
  region["startColumn"] = character_column(lines.line(span.file, span.line), span.column);
  region["endLine"] = span.end_line;
  region["endColumn"] = character_column(lines.line(span.file, span.end_line), span.end_column);
  Json out;
  out["physicalLocation"]["artifactLocation"]["uri"] = uri_of(file_name(files, span));
  out["physicalLocation"]["region"] = std::move(region);
  return out;
}

Json rule_json(const ir::CodeInfo& code) {
  const std::string page = "docs/diagnostics/" + std::string(code.id) + ".md";
  Json out;
  out["id"] = code.id;
  out["name"] = code.slug;
  out["shortDescription"]["text"] = code.title;
  out["fullDescription"]["text"] = std::string(code.title) + "; `weir explain " + std::string(code.id) + "` tells more";
  out["help"]["text"] = "see " + page;
  out["help"]["markdown"] = "`weir explain " + std::string(code.id) + "` tells what it means and how to mend it.";
  out["helpUri"] = "https://weir.dev/" + page;
  out["defaultConfiguration"]["level"] = level_of(code.severity);
  out["properties"]["tags"] = {"network-policy", "kubernetes"};
  out["properties"]["precision"] = "high";
  out["properties"]["problem.severity"] = code.severity == ir::Severity::Note ? "recommendation" : level_of(code.severity);
  return out;
}

Json result_json(const Finding& finding, std::size_t rule, const ir::Files& files, LineTable& lines) {
  Json out;
  out["ruleId"] = finding.code->id;
  out["ruleIndex"] = rule;
  out["level"] = level_of(finding.severity);
  out["message"]["text"] = finding.message;
  if (!finding.file.empty()) out["locations"] = Json::array({location(files, lines, finding.source->primary)});
  out["partialFingerprints"]["primaryLocationLineHash"] = finding.fingerprint;
  for (const ir::DiagnosticLabel& label : finding.source->labels) {
    if (file_name(files, label.span).empty() || out["relatedLocations"].size() >= kMostRelated) continue;
    Json related = location(files, lines, label.span);
    related["message"]["text"] = label.text;
    out["relatedLocations"].push_back(std::move(related));
  }
  if (out.contains("relatedLocations") && out["relatedLocations"].empty()) out.erase("relatedLocations");
  return out;
}

Json proof_json(const Proof& proof) {
  Json out;
  out["property"] = proof.property;
  out["holds"] = proof.holds;
  out["status"] = proof.status;
  return out;
}

Json driver_json(const Json& rules) {
  Json out;
  out["name"] = "weir";
  out["semanticVersion"] = "0.1.0";
  out["informationUri"] = "https://weir.dev";
  out["rules"] = rules;
  return out;
}

}  // namespace

std::string findings_sarif(const ir::Diagnostics& diagnostics, const ir::Files& files, const std::vector<Proof>& proofs) {
  const FindingList list = collect(diagnostics, files);
  LineTable lines(files);
  std::map<std::string_view, std::size_t> index;
  Json rules = Json::array(), results = Json::array();
  for (const Finding& finding : list.findings) {
    if (results.size() == kMostResults) break;
    const auto [rule, fresh] = index.emplace(finding.code->id, rules.size());
    if (fresh) rules.push_back(rule_json(*finding.code));
    results.push_back(result_json(finding, rule->second, files, lines));
  }
  Json run;
  run["tool"]["driver"] = driver_json(rules);
  run["columnKind"] = "unicodeCodePoints";
  run["results"] = std::move(results);
  for (const Proof& proof : proofs) run["properties"]["proofs"].push_back(proof_json(proof));
  if (list.findings.size() > kMostResults) run["properties"]["omittedResults"] = list.findings.size() - kMostResults;
  Json out;
  out["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  out["version"] = "2.1.0";
  out["runs"] = Json::array({std::move(run)});
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weir::cli
