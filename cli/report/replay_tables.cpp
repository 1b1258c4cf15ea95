// csv, markdown and dot: names come from recordings, so each sink has its own escaping (reliability.md C2 row 6).

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/report/escape.h"
#include "cli/report/replay_report.h"

namespace weir::cli {
namespace {

using simulator::Change;
using simulator::ReplayEdge;
using simulator::ReplayReport;

std::string_view dot_style(Change change) {
  switch (change) {
    case Change::NewlyDenied: return "color=red, style=dashed";
    case Change::NewlyAllowed: return "color=green";
    case Change::Unknown:
    case Change::Unexplained: return "color=orange, style=dotted";
    case Change::Same: return "color=grey";
  }
  return {};
}

}  // namespace

std::string replay_csv(const ReplayReport& report, bool all) {
  std::string text = "src,dst,direction,port,change,count,flows,recorded,predicted,reason,decidedBy\n";
  for (const ReplayEdge& edge : report.edges) {
    if (!is_listed(edge, all)) continue;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", csv_cell(edge.source), csv_cell(edge.destination),
                        ir::to_text(edge.direction), port_text(edge), to_text(edge.change), edge.count, edge.flows, edge.recorded,
                        edge.predicted, edge.reason, csv_cell(place_text(edge)));
  }
  return text;
}

std::string replay_markdown(const ReplayReport& report, bool all) {
  std::string text = "**" + markdown_cell(replay_verdict(report)) + "**\n\n";
  text += "| change | from | to | port | connections | recorded | predicted | decided by |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  std::size_t rows = 0, left_out = 0;
  for (const ReplayEdge& edge : report.edges) {
    if (!is_listed(edge, all)) continue;
    if (!all && ++rows > 20) {
      ++left_out;
      continue;
    }
    const std::string why = edge.change == Change::Unknown ? edge.reason : place_text(edge);
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", to_text(edge.change), markdown_cell(edge.source),
                        markdown_cell(edge.destination), port_text(edge), edge.count, edge.recorded, edge.predicted, markdown_cell(why));
  }
  if (left_out != 0) text += fmt::format("\n{} more rows\n", left_out);
  return text + fmt::format("\n{} connections compared, {} flows read, {} events lost, {} of {} selected pods seen.\n", report.compared,
                            report.flows.read, report.flows.lost_events, report.pods_seen, report.pods_total);
}

std::string replay_dot(const ReplayReport& report, bool all) {
  std::set<std::string> names;
  std::string edges;
  for (const ReplayEdge& edge : report.edges) {
    if (!is_listed(edge, all)) continue;
    names.insert({edge.source, edge.destination});
    edges += fmt::format("  {} -> {} [label={}, {}];\n", dot_string(edge.source), dot_string(edge.destination),
                         dot_string(fmt::format("{} x{}", port_text(edge), edge.count)), dot_style(edge.change));
  }
  std::string text = "digraph replay {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const std::string& name : names) text += "  " + dot_string(name) + ";\n";
  return text + edges + "}\n";
}

}  // namespace weir::cli
