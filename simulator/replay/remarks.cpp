#include "simulator/replay/remarks.h"

#include "ir/base/code.h"
#include "simulator/replay/field_coverage.h"

namespace weir::simulator {
namespace {

std::string counted(std::uint64_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

void report_malformed(ir::FileId file, const ReadStats& stats, ir::Diagnostics& diagnostics) {
  if (stats.malformed == 0) return;
  ir::Diagnostic diagnostic{.kind = ir::Code::MalformedFlow};
  const auto first = static_cast<std::uint32_t>(stats.malformed_lines.front());
  diagnostic.primary = {file, first, 1, first, 1};
  diagnostic.detail = counted(stats.malformed, "line") + (stats.malformed == 1 ? " is" : " are") +
                      " neither a flow nor another record of Hubble; left out";
  for (std::size_t i = 1; i < stats.malformed_lines.size(); ++i)
    diagnostic.notes.push_back("also line " + std::to_string(stats.malformed_lines[i]));
  if (stats.malformed > stats.malformed_lines.size())
    diagnostic.notes.push_back("and " + counted(stats.malformed - stats.malformed_lines.size(), "more line"));
  if (stats.too_long != 0) diagnostic.notes.push_back(counted(stats.too_long, "line") + " longer than 1 MiB");
  for (const std::uint64_t line : stats.too_long_lines) diagnostic.notes.push_back("line " + std::to_string(line) + " is one");
  diagnostics.report(std::move(diagnostic));
}

void report_gaps(ir::FileId file, const ReadStats& stats, ir::Diagnostics& diagnostics) {
  std::uint64_t lost = 0;
  for (const auto& [node, count] : stats.lost) lost += count;
  if (lost == 0 && stats.gone.empty()) return;
  ir::Diagnostic diagnostic{.kind = ir::Code::RecordingGap};
  diagnostic.primary.file = file;
  if (lost != 0) diagnostic.detail = counted(lost, "event") + " lost by Hubble before they were recorded";
  if (!stats.gone.empty())
    diagnostic.detail += (lost != 0 ? "; " : "") + counted(stats.gone.size(), "node") + " reported as unavailable";
  diagnostics.report(std::move(diagnostic));
}

}  // namespace

ir::FileId report_recordings(const std::vector<std::string>& paths, const std::vector<const ReadStats*>& stats, ir::Files& files,
                       ReplayReport& report, ir::Diagnostics& diagnostics) {
  const ir::FileId first{static_cast<std::uint32_t>(files.files.size())};
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string name = paths[i] == "-" ? "<stdin>" : paths[i];
    const ir::FileId file = files.add({name, nullptr, false});
    if (!stats[i]->damage.empty()) {
      report.damaged.push_back(name + ": " + stats[i]->damage);
      ir::Diagnostic diagnostic{.kind = ir::Code::DamagedRecording, .detail = stats[i]->damage};
      diagnostic.primary.file = file;
      diagnostic.notes.push_back("what could be read of it is in the report, which is not complete");
      diagnostics.report(std::move(diagnostic));
    }
    if (!stats[i]->remark.empty()) {
      ir::Diagnostic diagnostic{.kind = ir::Code::OddRecording, .detail = stats[i]->remark};
      diagnostic.primary.file = file;
      diagnostics.report(std::move(diagnostic));
    }
    report_malformed(file, *stats[i], diagnostics);
    report_gaps(file, *stats[i], diagnostics);
  }
  return first;
}

void report_fields(const ReplayReport& report, ir::FileId file, ir::Diagnostics& diagnostics) {
  if (report.missing_fields.empty()) return;
  ir::Diagnostic diagnostic{.kind = ir::Code::MaskedRecording};
  diagnostic.primary.file = file;
  for (const std::string& name : report.missing_fields) diagnostic.detail += (diagnostic.detail.empty() ? "`" : ", `") + name + "`";
  diagnostic.detail = "most flows have no " + diagnostic.detail;
  if (report.compared == 0) diagnostic.notes.push_back("no connection could be compared without them");
  diagnostic.fix = "record without a field mask, or with `--set \"hubble.export.static.fieldMask=" + minimum_mask() + "\"`";
  diagnostics.report(std::move(diagnostic));
}

void report_clusters(const std::vector<std::string>& foreign, const std::string& adopted, const std::string& own, ir::FileId file,
                     ir::Diagnostics& diagnostics) {
  if (foreign.empty()) return;
  ir::Diagnostic diagnostic{.kind = ir::Code::ForeignCluster};
  diagnostic.primary.file = file;
  for (const std::string& name : foreign) diagnostic.detail += (diagnostic.detail.empty() ? "`" : ", `") + name + "`";
  diagnostic.detail = "the recordings name the cluster " + diagnostic.detail + ", the settings `" + own + "`";
  if (!adopted.empty()) diagnostic.notes.push_back("`" + adopted + "` is read as `" + own + "`; pods of other clusters are remote");
  diagnostic.fix = "say `--set cluster_name=" + (adopted.empty() ? foreign.front() : adopted) + "` if it is the cluster of the policies";
  diagnostics.report(std::move(diagnostic));
}

}  // namespace weir::simulator
