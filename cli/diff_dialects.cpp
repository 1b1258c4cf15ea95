#include "cli/commands.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/diff_report.h"
#include "compiler/verify/dialect_diff.h"

namespace weir::cli {
namespace {

ir::Result<ir::Settings> settings_as(CommonOptions common, const std::string& dialect) {
  common.dialect = dialect;
  return settings_of(common);
}

/// Resolving has been told apart from reading: what one dialect alone refuses is an answer, not an error.
compiler::DialectWorld read_as(const Input& input, const ir::Settings& settings) {
  compiler::DialectWorld world;
  compiler::Resolved resolved = compiler::resolve(input.objects, settings, input.files, world.diagnostics);
  world.cluster = std::move(resolved.cluster);
  world.policies = std::move(resolved.policies);
  return world;
}

}  // namespace

int run_diff_dialects(const Request& request) {
  const DiffOptions& options = request.diff;
  if (options.dialect_from.empty() != options.dialect_to.empty())
    return print_error({"diff wants both --dialect-from and --dialect-to", 2});
  const CommonOptions& common = request.common;
  if (common.output != "text" && common.output != "json")
    return print_error({"diff of dialects prints text or json, not `" + common.output + "`", 2});
  const auto from = settings_as(common, options.dialect_from), to = settings_as(common, options.dialect_to);
  if (!from) return print_error(from.error());
  if (!to) return print_error(to.error());
  auto input = read_objects(common.paths, common);
  if (!input) return print_error(input.error());
  if (const int refused = gate(input->diagnostics, input->files, common)) return refused;
  const compiler::DialectDiff diff = compiler::diff_dialects(
      input->objects.policies, *from, *to, [&](const ir::Settings& settings) { return read_as(*input, settings); });
  // What no dialect reads, no upgrade mends.
  ir::Diagnostics refused;
  for (const ir::Diagnostic& diagnostic : diff.refused) refused.report(diagnostic);
  if (const int code = gate(refused, input->files, common)) return code;
  print_result(common.output == "json" ? dialect_diff_json(diff, input->files) : dialect_diff_text(diff, input->files));
  return options.exit_code && !diff.changes.empty() ? 1 : 0;
}

}  // namespace weir::cli
