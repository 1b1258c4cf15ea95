#include <fmt/format.h>

#include "cli/report/display.h"
#include "cli/report/replay_parts.h"

namespace weir::cli {
namespace {

using simulator::Change;
using simulator::ReplayEdge;
using simulator::ReplayReport;

constexpr std::size_t kRows = 20;

/// "shop/backend:8080", with the protocol where it is not TCP.
std::string target(const ReplayEdge& edge) {
  if (edge.protocol == ir::Protocol::Tcp) return fmt::format("{}:{}", printable(edge.destination), edge.port);
  return fmt::format("{} ({})", printable(edge.destination), port_text(edge));
}

std::string path(const ReplayEdge& edge) {
  const std::string place = place_text(edge);
  return fmt::format("from {} to {}{}", printable(edge.source), target(edge), place.empty() ? "" : ", decided by " + printable(place));
}

std::vector<std::string> row_of(const ReplayEdge& edge) {
  const std::string verdicts = (edge.recorded.empty() ? "-" : edge.recorded) + " -> " + edge.predicted;
  return {to_text(edge.change), printable(edge.source), printable(edge.destination), printable(what_text(edge)),
          std::string(ir::to_text(edge.direction)), std::to_string(edge.count), std::to_string(edge.flows), verdicts, printable(why_text(edge))};
}

std::string edges_text(const ReplayReport& report, bool all) {
  std::vector<std::vector<std::string>> rows = {
      {"change", "from", "to", "port", "side", "connections", "flows", "recorded -> predicted", "decided by"}};
  std::size_t left_out = 0;
  for (const ReplayEdge* edge : listed_edges(report, all)) {
    if (!all && rows.size() > kRows)
      ++left_out;
    else
      rows.push_back(row_of(*edge));
  }
  if (rows.size() == 1) return {};
  std::string text = "\n" + columns(rows);
  if (left_out != 0) text += fmt::format("  ... and {} (--all lists every one)\n", counted(left_out, "more path"));
  return text;
}

/// Of the three worst: what would admit it, and a recorded flow to look at.
std::string fixes_text(const ReplayReport& report) {
  std::string text;
  std::size_t shown = 0;
  for (const ReplayEdge* edge : edges_of(report, Change::NewlyDenied)) {
    if (shown == 3 || (edge->fix.empty() && edge->example.empty())) continue;
    ++shown;
    if (!edge->fix.empty()) text += fmt::format("  fix: {}\n", printable(edge->fix));
    if (!edge->example.empty()) text += fmt::format("  example: flow {} from {} to {}\n", printable(edge->example), printable(edge->source), target(*edge));
  }
  return text;
}

std::string routes_text(const ReplayReport& report, bool all) {
  if (report.routes.empty()) return {};
  std::vector<std::vector<std::string>> rows = {{"request", "before", "after", "requests"}};
  std::size_t left_out = 0;
  for (const simulator::RouteChange& route : report.routes) {
    if (!all && rows.size() > kRows)
      ++left_out;
    else
      rows.push_back({printable(route.method + " " + route.host + route.path), printable(route.before), printable(route.after), std::to_string(route.count)});
  }
  std::string text = "\nroutes that answer differently:\n" + columns(rows);
  return left_out == 0 ? text : text + fmt::format("  ... and {} (--all lists every one)\n", counted(left_out, "more request"));
}

/// "2 recorded requests, the most, 5, GET /x from a to b:80": of edges that are requests.
std::string requests_part(const std::vector<const ReplayEdge*>& edges) {
  std::uint64_t sum = 0;
  for (const ReplayEdge* edge : edges) sum += edge->count;
  const std::string worst = "`" + printable(edges[0]->l7) + "` " + path(*edges[0]);
  if (edges.size() == 1) return counted(sum, "recorded request") + " " + worst;
  return fmt::format("{} of {} kinds; the most, {}, {}", counted(sum, "recorded request"), edges.size(), edges[0]->count, worst);
}

}  // namespace

std::string replay_verdict(const ReplayReport& report) {
  const std::string subject = report.has_base ? "this change" : "these policies";
  std::vector<const ReplayEdge*> drops = edges_of(report, Change::NewlyDenied), requests;
  std::erase_if(drops, [&](const ReplayEdge* edge) {
    if (!edge->l7.empty()) requests.push_back(edge);
    return !edge->l7.empty();
  });
  std::string rest = requests.empty() ? "" : " and refuse " + requests_part(requests);
  if (report.newly_allowed != 0) rest += fmt::format("; {} would newly pass", counted(report.newly_allowed, "connection"));
  if (drops.size() == 1) return fmt::format("{} would drop {} {}{}", subject, counted(drops[0]->count, "recorded connection"), path(*drops[0]), rest);
  if (!drops.empty())
    return fmt::format("{} would drop {} on {} paths; the most, {}, {}{}", subject, counted(report.newly_denied, "recorded connection"),
                       drops.size(), drops[0]->count, path(*drops[0]), rest);
  if (report.compared + report.requests.compared == 0) return "undecided: no recorded connection could be compared";
  return fmt::format("{} would drop none of the {} that could be compared{}", subject, counted(report.compared, "recorded connection"), rest);
}

std::string replay_text(const ReplayReport& report, const ReplayView& view) {
  std::string text = replay_verdict(report) + "\n";
  for (const std::string& damage : report.damaged) text += "not the whole recording: " + printable(damage) + "\n";
  text += edges_text(report, view.all) + fixes_text(report) + routes_text(report, view.all) + "\n";
  for (const std::string& line : evidence_lines(report, view)) text += line + "\n";
  return text;
}

}  // namespace weir::cli
