#include <nlohmann/json.hpp>

#include "cli/report/findings_common.h"

namespace weir::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* severity_word(ir::Severity severity) {
  switch (severity) {
    case ir::Severity::Error: return "critical";
    case ir::Severity::Warning: return "minor";
    case ir::Severity::Note: return "info";
  }
  return "critical";
}

}  // namespace

// GitLab does not show check_name, so the code stands in the description too. A finding without a place has no path to
// stand at; GitLab wants one, so it stands at the first line of `.weir.yaml`.
std::string findings_gitlab(const ir::Diagnostics& diagnostics, const ir::Files& files) {
  Json out = Json::array();
  const FindingList list = collect(diagnostics, files);
  for (const Finding& finding : list.findings) {
    Json entry;
    entry["description"] = std::string(finding.code->id) + " " + std::string(finding.code->slug) + ": " + finding.message;
    entry["check_name"] = finding.code->id;
    entry["fingerprint"] = finding.fingerprint;
    entry["severity"] = severity_word(finding.severity);
    entry["location"]["path"] = finding.file.empty() ? ".weir.yaml" : finding.file;
    entry["location"]["lines"]["begin"] = finding.file.empty() ? 1 : finding.source->primary.line;
    out.push_back(std::move(entry));
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weir::cli
