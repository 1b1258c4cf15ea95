#include <nlohmann/json.hpp>

#include "cli/report/findings_common.h"

namespace weir::cli {
namespace {

using Json = nlohmann::ordered_json;

void add_place(Json& into, const ir::Files& files, const ir::Span& span, bool with_end) {
  const std::string file = file_name(files, span);
  if (file.empty()) return;
  into["file"] = file;
  into["line"] = span.line;
  if (!with_end) return;
  into["column"] = span.column;
  into["endLine"] = span.end_line;
  into["endColumn"] = span.end_column;
}

Json finding_json(const Finding& finding, const ir::Files& files) {
  const ir::Diagnostic& source = *finding.source;
  Json out;
  out["code"] = finding.code->id;
  out["name"] = finding.code->slug;
  out["severity"] = to_text(finding.severity);
  out["message"] = finding.message;
  add_place(out, files, source.primary, true);
  for (const ir::DiagnosticLabel& label : source.labels) {
    Json related;
    add_place(related, files, label.span, false);
    related["message"] = label.text;
    out["related"].push_back(std::move(related));
  }
  if (!source.witness.empty()) {
    Json witness = Json::parse(source.witness, nullptr, false);
    out["witness"] = witness.is_discarded() ? Json(source.witness) : std::move(witness);
  }
  out["help"] = "docs/diagnostics/" + std::string(finding.code->id) + ".md";
  if (!source.notes.empty()) out["notes"] = source.notes;
  if (!source.fix.empty()) out["fix"] = source.fix;
  return out;
}

Json proof_json(const Proof& proof) {
  Json out;
  out["property"] = proof.property;
  out["holds"] = proof.holds;
  if (!proof.status.empty()) out["status"] = proof.status;
  out["millis"] = proof.millis;
  return out;
}

}  // namespace

std::string findings_json(const ir::Diagnostics& diagnostics, const ir::Files& files, const std::vector<Proof>& proofs,
                          const ExtraMembers& extra) {
  const FindingList list = collect(diagnostics, files);
  Json out;
  out["apiVersion"] = "weir.dev/v1alpha1";
  out["kind"] = "Findings";
  out["findings"] = Json::array();
  for (const Finding& finding : list.findings) out["findings"].push_back(finding_json(finding, files));
  out["summary"] = {{"errors", list.errors}, {"warnings", list.warnings}, {"notes", list.notes}};
  out["proofs"] = Json::array();
  for (const Proof& proof : proofs) out["proofs"].push_back(proof_json(proof));
  for (const auto& [name, value] : extra) out[name] = Json::parse(value, nullptr, false);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weir::cli
