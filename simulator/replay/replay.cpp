#include "simulator/replay/replay.h"

#include <algorithm>
#include <map>

#include "simulator/replay/remarks.h"
#include "simulator/replay/tally.h"

namespace weir::simulator {
namespace {

std::vector<ReplayNode> nodes_of(const Gathered& gathered) {
  std::map<std::uint32_t, ReplayNode> found;
  for (const auto& [node, flows] : gathered.flows_of_node) found[node].flows += flows;
  for (const auto& [path, of_node] : gathered.lost_of_node)
    for (const auto& [node, lost] : of_node) found[node].lost_events += lost;
  for (const auto& [path, gone] : gathered.gone_nodes)
    for (const std::uint32_t node : gone) found[node].unavailable = true;
  std::vector<ReplayNode> nodes;
  for (auto& [id, node] : found) {
    node.name = gathered.interned.nodes.at({id});
    if (node.flows != 0 || node.lost_events != 0 || node.unavailable) nodes.push_back(std::move(node));
  }
  std::sort(nodes.begin(), nodes.end(), [](const ReplayNode& a, const ReplayNode& b) { return a.name < b.name; });
  return nodes;
}

std::string joined(const std::set<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
  return all;
}

/// One recording's numbers as its reader would have given them.
ReadStats stats_of(const Gathered& gathered, const std::string& path, const RecordingStats& recording) {
  ReadStats stats;
  stats.read = recording.read;
  stats.malformed = recording.malformed;
  stats.too_long = recording.too_long;
  stats.malformed_lines.assign(recording.malformed_lines.begin(), recording.malformed_lines.end());
  if (const auto at = gathered.lost_of_node.find(path); at != gathered.lost_of_node.end()) stats.lost = at->second;
  if (const auto at = gathered.gone_nodes.find(path); at != gathered.gone_nodes.end()) stats.gone = at->second;
  stats.damage = joined(recording.damage);
  stats.remark = joined(recording.remarks);
  return stats;
}

void count_reading(const Gathered& gathered, ReplayReport& report) {
  for (const auto& [path, recording] : gathered.recordings) {
    report.flows.read += recording.read;
    report.flows.malformed += recording.malformed;
    report.flows.too_long += recording.too_long;
  }
  report.flows.read -= std::min(report.flows.read, gathered.filtered);
  report.flows.filtered = gathered.filtered;
  report.flows.late = gathered.late;
  report.first = gathered.first;
  report.last = gathered.last;
  report.nodes = nodes_of(gathered);
  for (const ReplayNode& node : report.nodes) report.flows.lost_events += node.lost_events;
  report.missing_fields = gathered.fields.missing();
}

void report_reading(const Gathered& gathered, ir::Files& files, ReplayReport& report, const Actors& actors,
                    const std::string& cluster, ir::Diagnostics& diagnostics) {
  std::vector<std::string> paths;
  std::vector<ReadStats> stats;
  for (const auto& [path, recording] : gathered.recordings) {
    paths.push_back(path);
    stats.push_back(stats_of(gathered, path, recording));
  }
  std::vector<const ReadStats*> pointers;
  for (const ReadStats& one : stats) pointers.push_back(&one);
  const ir::FileId first = report_recordings(paths, pointers, files, report, diagnostics);
  report_fields(report, first, diagnostics);
  report_clusters(actors.foreign_clusters(), actors.adopted_cluster(), cluster, first, diagnostics);
}

}  // namespace

ReplayReport tally(const Gathered& gathered, const compiler::Resolved& after, const compiler::Resolved* before, ir::Files& files,
                   const ReplayOptions& options, ir::Diagnostics& diagnostics) {
  Tally tally(after, before, gathered, options.labels, options.relabel);
  ReplayReport report = tally.report(files);
  count_reading(gathered, report);
  report_reading(gathered, files, report, tally.actors(), after.cluster.settings.cluster_name, diagnostics);
  scale(report, options.sampled);
  return report;
}

ir::Result<ReplayReport> replay(const std::vector<std::string>& recordings, const compiler::Resolved& after,
                                const compiler::Resolved* before, ir::Files& files, const ReplayOptions& options,
                                ir::Diagnostics& diagnostics) {
  const AddressClasses addresses(after, before);
  ir::Result<Gathered> gathered = gather(recordings, &addresses, true, options);
  if (!gathered) return tl::unexpected(gathered.error());
  // What came through a pipe could not be looked at first. A filter may leave out what has the fields.
  const std::optional<ir::Error> refusal = options.filter == nullptr ? refusal_of(gathered->fields) : std::nullopt;
  if (refusal) return tl::unexpected(*refusal);
  close_all(*gathered, &addresses);
  return tally(*gathered, after, before, files, options, diagnostics);
}

}  // namespace weir::simulator
