#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/findings_output.h"
#include "cli/input.h"
#include "cli/print.h"
#include "cli/report/gateway_status_report.h"
#include "cli/report/suppress.h"

namespace weir::cli {
namespace {

std::string summary_of(const Input& input, const CommonOptions& common) {
  const auto& resolved = input.resolved;
  std::string text = fmt::format("{} documents: {} policies with {} rules, {} routes, {} pods; {}\n",
                                 input.sources.documents.size(), resolved.policies.policies.size(),
                                 resolved.policies.rules.size(), resolved.routes.routes.size(),
                                 resolved.cluster.pods.size(), count_text(input.diagnostics));
  if (!input.objects.skipped.empty())
    text += fmt::format("{} documents of other kinds were skipped\n", input.objects.skipped.size());
  if (common.verbose > 0)
    for (const std::string& kind : input.objects.skipped) text += "  skipped " + kind + "\n";
  return text + gateway_status_text(resolved.gateway_status);
}

}  // namespace

int run_validate(const Request& request) {
  auto input = read_input(request.common.paths, request.common);
  if (!input) return print_error(input.error());
  const auto date = today(request.common);
  if (!date) return print_error(date.error());
  suppress(input->diagnostics, input->sources, input->files, {.today = *date, .proofs_ran = false});
  if (const int failed =
          print_findings(input->diagnostics, input->files, {}, request.common, summary_of(*input, request.common),
                         {{"gatewayStatus", gateway_status_json(input->resolved.gateway_status)}}))
    return failed;
  leave(findings_exit(input->diagnostics, request.common));
}

}  // namespace weir::cli
