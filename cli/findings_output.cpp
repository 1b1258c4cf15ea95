#include "cli/findings_output.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

#include "cli/print.h"

namespace weir::cli {
namespace {

std::string counted(long n, const char* word) { return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s"); }

int write_report(const std::string& item, const ir::Diagnostics& diagnostics, const ir::Files& files,
                 const std::vector<Proof>& proofs, const ExtraMembers& extra) {
  const std::size_t equals = item.find('=');
  const std::string format = item.substr(0, equals);
  const std::string text = findings_as(format, diagnostics, files, proofs, extra);
  if (equals == std::string::npos || text.empty())
    return print_error({"`--report " + item + "` wants FORMAT=FILE with json, sarif, junit, github, gitlab or markdown", 2});
  std::ofstream out(item.substr(equals + 1), std::ios::binary);
  out << text;
  out.flush();
  return out ? 0 : print_error({"cannot write `" + item.substr(equals + 1) + "`", 5});
}

}  // namespace

std::string count_text(const ir::Diagnostics& diagnostics) {
  const auto count = [&](ir::Severity severity) {
    return std::count_if(diagnostics.list().begin(), diagnostics.list().end(),
                         [&](const ir::Diagnostic& d) { return severity_of(d) == severity; });
  };
  return counted(count(ir::Severity::Error), "error") + ", " + counted(count(ir::Severity::Warning), "warning") + ", " +
         counted(count(ir::Severity::Note), "note");
}

int print_findings(const ir::Diagnostics& diagnostics, const ir::Files& files, const std::vector<Proof>& proofs,
                   const CommonOptions& common, const std::string& summary, const ExtraMembers& extra) {
  for (const std::string& item : common.reports)
    if (const int failed = write_report(item, diagnostics, files, proofs, extra)) return failed;
  if (common.output == "text") {
    print_diagnostics(diagnostics, files, common);
    if (!summary.empty()) print_result(summary);
    return 0;
  }
  const std::string text = findings_as(common.output, diagnostics, files, proofs, extra);
  if (text.empty()) return print_error({"unknown output format `" + common.output + "`", 2});
  print_result(text);
  return 0;
}

}  // namespace weir::cli
