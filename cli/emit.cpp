#include "cli/emit.h"

#include "backends/ebpf/emit/emit.h"
#include "cli/report/findings.h"
#include "compiler/api/emit.h"
#include "compiler/lower/listeners.h"
#include "compiler/lower/lower.h"

namespace weir::cli {
namespace {

std::string source_text(const Input& input) {
  std::string text;
  for (const compiler::Document& document : input.sources.documents) text += "---\n" + compiler::to_yaml(document.root);
  return text;
}

}  // namespace

ir::Result<std::string> emit_front(const Input& input, const std::string& stage) {
  if (stage == "source") return source_text(input);
  if (stage == "objects") return compiler::to_text(input.objects);
  if (stage == "cluster") return to_text(input.resolved.cluster);
  if (stage == "policy") return to_text(input.resolved.policies);
  if (stage == "routes") return to_text(input.resolved.routes);
  if (stage == "findings") return findings_json(input.diagnostics, input.files, {});
  return ir::failure("this command does not reach the stage `" + stage + "`", 2);
}

ir::Result<std::string> emit_back(const Input& input, const std::string& stage, const std::string& node) {
  auto tables = compiler::lower(input.resolved.policies, input.resolved.cluster, input.files, node);
  if (!tables) return tl::unexpected(tables.error());
  tables->listeners = compiler::lower_listeners(input.resolved.routes, input.resolved.cluster);
  if (stage == "tables") return to_text(*tables);
  if (stage == "c") return backends::emit_c(backends::shape_of(*tables));
  if (stage == "maps") return to_text(backends::map_contents(*tables));
  return emit_front(input, stage);
}

}  // namespace weir::cli
