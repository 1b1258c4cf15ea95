#include "simulator/replay/replay.h"

#include <algorithm>

#include "simulator/flows/flow_reader.h"
#include "simulator/replay/connection_table.h"
#include "simulator/replay/field_coverage.h"
#include "simulator/replay/recordings.h"
#include "simulator/replay/remarks.h"
#include "simulator/replay/tally.h"

namespace weir::simulator {
namespace {

/// What the records say of themselves, before any policy.
struct Seen {
  std::vector<std::uint64_t> flows_of_node;  // by NodeNameId
  std::optional<std::int64_t> first, last;

  void add(const Record& record) {
    if (flows_of_node.size() <= record.node.index) flows_of_node.resize(record.node.index + 1);
    ++flows_of_node[record.node.index];
    if (!record.has_time) return;
    first = std::min(first.value_or(record.time), record.time);
    last = std::max(last.value_or(record.time), record.time);
  }
};

void take(const Record& record, const Parties& parties, ConnectionTable& table, Tally& tally) {
  const Evidence evidence = classify(record, parties);
  switch (evidence.use) {
    case LineUse::NotPolicy: return tally.add_not_policy();
    case LineUse::Loose: return tally.add_loose(evidence.excuse);
    default: return table.add(record, evidence);
  }
}

std::vector<ReplayNode> nodes_of(const Seen& seen, const std::vector<const ReadStats*>& stats, const Names& names) {
  std::vector<ReplayNode> nodes(names.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    nodes[i].name = names.at({i});
    if (i < seen.flows_of_node.size()) nodes[i].flows = seen.flows_of_node[i];
  }
  for (const ReadStats* one : stats) {
    for (const auto& [node, lost] : one->lost) nodes[node].lost_events += lost;
    for (const std::uint32_t node : one->gone) nodes[node].unavailable = true;
  }
  std::erase_if(nodes, [](const ReplayNode& node) { return node.flows == 0 && node.lost_events == 0 && !node.unavailable; });
  std::sort(nodes.begin(), nodes.end(), [](const ReplayNode& a, const ReplayNode& b) { return a.name < b.name; });
  return nodes;
}

}  // namespace

ir::Result<ReplayReport> replay(const std::vector<std::string>& paths, const compiler::Resolved& after,
                                const compiler::Resolved* before, ir::Files& files, const ReplayOptions& options,
                                ir::Diagnostics& diagnostics) {
  Interned interned;
  ir::Result<Recordings> recordings = Recordings::open(paths, interned);
  if (!recordings) return tl::unexpected(recordings.error());
  Tally tally(after, before, interned.parties, options.labels);
  ConnectionTable table(interned.parties, [&](const ConnectionKey& key, const Connection& connection) { tally.add(key, connection); });
  Seen seen;
  FieldCoverage fields;
  Record record;
  bool cluster_known = false;
  while (recordings->next(record)) {
    if (record.kind == RecordKind::AgentEvent) {
      if (record.has_time) tally.policy_changed(record.time);
      continue;
    }
    seen.add(record);
    fields.add(record, interned.parties);
    cluster_known = cluster_known || tally.observe(record);
    take(record, interned.parties, table, tally);
  }
  table.finish();

  ReplayReport report;
  tally.finish(files, report);
  report.first = seen.first;
  report.last = seen.last;
  report.flows.late = table.late();
  report.missing_fields = fields.missing();
  std::vector<const ReadStats*> stats;
  for (std::size_t i = 0; i < paths.size(); ++i) stats.push_back(&recordings->stats(i));
  for (const ReadStats* one : stats) {
    report.flows.read += one->read;
    report.flows.malformed += one->malformed;
    for (const auto& [node, lost] : one->lost) report.flows.lost_events += lost;
  }
  report.nodes = nodes_of(seen, stats, interned.nodes);
  const ir::FileId first = report_recordings(paths, stats, files, report, diagnostics);
  report_fields(report, first, diagnostics);
  report_clusters(tally.actors().foreign_clusters(), tally.actors().adopted_cluster(), after.cluster.settings.cluster_name, first,
                  diagnostics);
  return report;
}

}  // namespace weir::simulator
