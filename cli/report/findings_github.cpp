#include "cli/report/display.h"
#include "cli/report/findings_common.h"

namespace weir::cli {
namespace {

// GitHub shows the first 10 annotations of each level of a step.
constexpr std::uint64_t kMost = 10;

const char* command_of(ir::Severity severity) {
  switch (severity) {
    case ir::Severity::Error: return "error";
    case ir::Severity::Warning: return "warning";
    case ir::Severity::Note: return "notice";
  }
  return "error";
}

/// A workflow command ends at its line, and `%` starts an escape; a property ends at `:` or `,` too. Hidden characters
/// are shown as escapes before that.
std::string escaped(const std::string& text, bool property) {
  std::string out;
  for (const char c : printable(text)) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (special) {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 0xF]};
    } else {
      out += c;
    }
  }
  return out;
}

std::string command(const Finding& finding) {
  const ir::Span& span = finding.source->primary;
  const std::string title = "title=" + escaped(std::string(finding.code->id) + " " + std::string(finding.code->slug), true);
  std::string out = "::" + std::string(command_of(finding.severity)) + " ";
  if (finding.file.empty()) return out + title + "::" + escaped(finding.message, false) + "\n";
  out += "file=" + escaped(finding.file, true) + ",line=" + std::to_string(span.line) + ",endLine=" +
         std::to_string(span.end_line) + ",col=" + std::to_string(span.column);
  if (span.end_line == span.line) out += ",endColumn=" + std::to_string(span.end_column);
  return out + "," + title + "::" + escaped(finding.message, false) + "\n";
}

}  // namespace

std::string findings_github(const ir::Diagnostics& diagnostics, const ir::Files& files) {
  const FindingList list = collect(diagnostics, files);
  std::string out;
  for (const ir::Severity severity : {ir::Severity::Error, ir::Severity::Warning, ir::Severity::Note}) {
    const std::uint64_t total = severity == ir::Severity::Error     ? list.errors
                                : severity == ir::Severity::Warning ? list.warnings
                                                                    : list.notes;
    const std::uint64_t shown = total > kMost ? kMost - 1 : total;
    std::uint64_t count = 0;
    for (const Finding& finding : list.findings)
      if (finding.severity == severity && count < shown) {
        out += command(finding);
        ++count;
      }
    if (total > shown)
      out += "::" + std::string(command_of(severity)) + " title=weir::" + std::to_string(total - shown) + " more in the report\n";
  }
  return out;
}

}  // namespace weir::cli
