// csv, markdown and dot: names come from recordings, so each sink has its own escaping (reliability.md C2 row 6).

#include <fmt/format.h>

#include <set>

#include "cli/report/display.h"
#include "cli/report/escape.h"
#include "cli/report/replay_parts.h"
#include "simulator/flows/times.h"

namespace weir::cli {
namespace {

using simulator::Change;
using simulator::ReplayEdge;
using simulator::ReplayReport;

constexpr std::size_t kRows = 20;

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

std::string time_cell(const std::optional<std::int64_t>& time) { return time ? simulator::time_text(*time) : std::string(); }

/// Inside a code span nothing is markup but the back tick and, in a table, the bar.
std::string markdown_code(const std::string& value) {
  std::string text;
  for (const char c : printable(value)) text += c == '`' ? std::string("'") : c == '|' ? std::string("\\|") : std::string(1, c);
  return "`" + text + "`";
}

std::string edge_row(const ReplayEdge& edge) {
  const std::string change = edge.change == Change::NewlyDenied ? "**newly denied**" : to_text(edge.change);
  const std::string why = why_text(edge);
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", change, markdown_cell(edge.source), markdown_cell(edge.destination),
                     markdown_cell(what_text(edge)), edge.count, markdown_cell(edge.recorded), markdown_cell(edge.predicted), why.empty() ? "" : markdown_code(why));
}

std::string fixes(const ReplayReport& report) {
  std::string text;
  std::set<std::string> said;
  for (const ReplayEdge* edge : edges_of(report, Change::NewlyDenied))
    if (!edge->fix.empty() && said.size() < 3 && said.insert(edge->fix).second) text += "- fix: " + markdown_code(edge->fix) + "\n";
  return text.empty() ? text : "\n" + text;
}

std::string route_rows(const ReplayReport& report, bool all) {
  if (report.routes.empty()) return {};
  std::string text = "\n| request | before | after | requests |\n| --- | --- | --- | --- |\n";
  std::size_t rows = 0;
  for (const simulator::RouteChange& route : report.routes)
    if (all || ++rows <= kRows)
      text += fmt::format("| {} | {} | {} | {} |\n", markdown_cell(route.method + " " + route.host + route.path), markdown_cell(route.before), markdown_cell(route.after), route.count);
  return rows > kRows ? text + fmt::format("\n... and {} more\n", rows - kRows) : text;
}

}  // namespace

std::string replay_csv(const ReplayReport& report, const ReplayView& view) {
  std::string text = "src,dst,direction,port,change,count,flows,recorded,predicted,reason,decidedBy,l7,first,last,example,fix\n";
  for (const ReplayEdge* edge : listed_edges(report, view.all)) {
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_cell(edge->source), csv_cell(edge->destination),
                        ir::to_text(edge->direction), port_text(*edge), to_text(edge->change), edge->count, edge->flows, csv_cell(edge->recorded),
                        csv_cell(edge->predicted), csv_cell(edge->reason), csv_cell(place_text(*edge)), csv_cell(edge->l7), time_cell(edge->first),
                        time_cell(edge->last), csv_cell(edge->example), csv_cell(edge->fix));
  }
  return text;
}

std::string replay_markdown(const ReplayReport& report, const ReplayView& view) {
  std::string text = "**" + markdown_cell(replay_verdict(report)) + "**\n";
  for (const std::string& damage : report.damaged) text += "\n> not the whole recording: " + markdown_cell(damage) + "\n";
  const std::vector<const ReplayEdge*> edges = listed_edges(report, view.all);
  if (!edges.empty())
    text += "\n| change | from | to | port | connections | recorded | predicted | decided by |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  const std::size_t shown = view.all ? edges.size() : std::min(edges.size(), kRows);
  for (std::size_t i = 0; i < shown; ++i) text += edge_row(*edges[i]);
  if (shown != edges.size()) text += fmt::format("\n... and {} more\n", edges.size() - shown);
  text += fixes(report) + route_rows(report, view.all) + "\n<details><summary>How far to trust this</summary>\n\n";
  for (const std::string& line : evidence_lines(report, view)) text += (line.starts_with("  ") ? "  - " : "- ") + markdown_cell(line.substr(line.find_first_not_of(' '))) + "\n";
  return text + "\n</details>\n";
}

std::string replay_dot(const ReplayReport& report, const ReplayView& view) {
  std::set<std::string> names;
  std::string edges;
  for (const ReplayEdge* edge : listed_edges(report, view.all)) {
    names.insert({edge->source, edge->destination});
    edges += fmt::format("  {} -> {} [label={}, {}];\n", dot_string(edge->source), dot_string(edge->destination),
                         dot_string(fmt::format("{} x{}", what_text(*edge), edge->count)), dot_style(edge->change));
  }
  std::string text = "digraph replay {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const std::string& name : names) text += "  " + dot_string(name) + ";\n";
  return text + edges + "}\n";
}

}  // namespace weir::cli
