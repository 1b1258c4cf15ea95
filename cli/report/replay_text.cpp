#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "cli/report/display.h"
#include "cli/report/replay_report.h"
#include "simulator/flows/times.h"

namespace weir::cli {
namespace {

using simulator::Change;
using simulator::ReplayEdge;
using simulator::ReplayReport;

constexpr std::size_t kRows = 20;

std::string counted(std::uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

/// "shop/backend:8080", with the protocol where it is not TCP.
std::string target(const ReplayEdge& edge) {
  if (edge.protocol == ir::Protocol::Tcp) return fmt::format("{}:{}", printable(edge.destination), edge.port);
  return fmt::format("{} ({})", printable(edge.destination), port_text(edge));
}

std::string path(const ReplayEdge& edge) {
  const std::string place = place_text(edge);
  return fmt::format("from {} to {}{}", printable(edge.source), target(edge),
                     place.empty() ? "" : ", decided by " + printable(place));
}

std::vector<const ReplayEdge*> edges_of(const ReplayReport& report, Change change) {
  std::vector<const ReplayEdge*> edges;
  for (const ReplayEdge& edge : report.edges)
    if (edge.change == change) edges.push_back(&edge);
  std::stable_sort(edges.begin(), edges.end(), [](const ReplayEdge* a, const ReplayEdge* b) { return a->count > b->count; });
  return edges;
}

/// What each reason of `notComparable` means, by its name.
std::string_view meaning(std::string_view reason) {
  struct Entry {
    std::string_view reason, text;
  };
  constexpr std::array<Entry, 15> kMeanings = {{
      {"NO_ADDRESS", "the flow has no address (a field mask?)"},
      {"NO_L4", "the flow has no port or ICMP type"},
      {"NO_VERDICT", "the verdict is one that says nothing of policy"},
      {"EVENT_TYPE_MISSING", "the event type is cut away (a field mask?)"},
      {"DIRECTION_UNKNOWN", "it is not recorded who opened the connection, or which side decided"},
      {"NON_POLICY_DROP", "dropped, but not by policy"},
      {"RATE_LIMITED", "dropped by a bandwidth limit"},
      {"L7_ERROR", "the proxy failed"},
      {"CLUSTER_IP", "the destination is a Service address; policy sees the backend"},
      {"ENDPOINT_UNRESOLVED", "no labels for the endpoint, neither in the flow nor in the inventory"},
      {"PEER_UNRESOLVED", "no labels for the other end, neither in the flow nor in the inventory"},
      {"NO_POLICY_ENDPOINT", "no end of it is a pod that policy could select"},
      {"NO_EVIDENCE", "no recorded line proves that it was allowed or denied"},
      {"CONFLICTING_EVIDENCE", "it was both allowed and denied"},
      {"POLICY_CHANGED", "the policy changed while it was open"}}};
  for (const Entry& entry : kMeanings)
    if (entry.reason == reason) return entry.text;
  return "";
}

using Row = std::vector<std::string>;

std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += "  " + line + "\n";
  }
  return text;
}

Row row_of(const ReplayEdge& edge) {
  const std::string verdicts = (edge.recorded.empty() ? "-" : edge.recorded) + " -> " + edge.predicted;
  const std::string why = edge.change == Change::Unknown ? edge.reason : printable(place_text(edge));
  return {to_text(edge.change), printable(edge.source), printable(edge.destination), port_text(edge),
          std::string(ir::to_text(edge.direction)), std::to_string(edge.count), std::to_string(edge.flows), verdicts, why};
}

std::string edges_text(const ReplayReport& report, bool all) {
  std::vector<Row> rows = {{"change", "from", "to", "port", "side", "connections", "flows", "recorded -> predicted", "decided by"}};
  std::size_t left_out = 0;
  for (const Change change : {Change::NewlyDenied, Change::NewlyAllowed, Change::Unknown, Change::Unexplained, Change::Same}) {
    for (const ReplayEdge* edge : edges_of(report, change)) {
      const bool listed = is_listed(*edge, all) || change == Change::Unexplained;
      if (!listed) continue;
      if (!all && rows.size() > kRows)
        ++left_out;
      else
        rows.push_back(row_of(*edge));
    }
  }
  if (rows.size() == 1) return {};
  std::string text = "\n" + table(rows);
  if (left_out != 0) text += fmt::format("  ... and {} (--all lists every one)\n", counted(left_out, "more path"));
  return text;
}

std::string fixes_text(const ReplayReport& report) {
  std::string text;
  std::size_t shown = 0;
  for (const ReplayEdge* edge : edges_of(report, Change::NewlyDenied)) {
    if (edge->fix.empty() || shown == 3) continue;
    ++shown;
    text += fmt::format("  fix: {}\n", printable(edge->fix));
  }
  return text;
}

std::string evidence_text(const ReplayReport& report) {
  const simulator::ReplayFlows& flows = report.flows;
  std::string text = fmt::format("evidence: {} read", counted(flows.read, "flow"));
  if (flows.malformed != 0) text += fmt::format(", {} malformed", flows.malformed);
  if (report.first)
    text += fmt::format(", {} to {}", simulator::time_text(*report.first), simulator::time_text(*report.last));
  text += fmt::format(", {}", counted(report.nodes.size(), "node"));
  text += fmt::format(", {} lost\n", counted(flows.lost_events, "event"));
  for (const simulator::ReplayNode& node : report.nodes)
    text += fmt::format("  {}: {}{}{}\n", node.name.empty() ? "(no node name)" : printable(node.name), counted(node.flows, "flow"),
                        node.lost_events != 0 ? ", " + counted(node.lost_events, "event") + " lost" : "",
                        node.unavailable ? ", reported as unavailable" : "");
  if (report.nodes.size() == 1) text += "  one node only: this says nothing of the rest of the cluster\n";
  if (flows.late != 0) text += fmt::format("  {} out of order by more than a minute: some connections may count twice\n", counted(flows.late, "flow"));
  return text;
}

std::string coverage_text(const ReplayReport& report) {
  return fmt::format("coverage: {} of {} that policies select ({:.0f} %), {} of {} exercised\n", report.pods_seen,
                     counted(report.pods_total, "pod"), report.coverage_percent(), report.rules_exercised,
                     counted(report.rules_total, "rule"));
}

std::string compared_text(const ReplayReport& report) {
  std::string text = fmt::format("compared: {} ({} the same, {} newly denied, {} newly allowed)\n",
                                 counted(report.compared, "connection"), report.same, report.newly_denied, report.newly_allowed);
  for (const auto& [reason, count] : report.not_comparable)
    text += fmt::format("  not compared: {} {}: {}\n", count, reason, meaning(reason));
  if (report.has_base)
    text += fmt::format("unexplained: {} ({:.1f} %) are not as the base policies predict; no change is claimed for them\n",
                        counted(report.unexplained, "connection"), 100 * report.unexplained_rate());
  return text;
}

}  // namespace

std::string replay_verdict(const ReplayReport& report) {
  const std::string_view subject = report.has_base ? "this change" : "these policies";
  const std::vector<const ReplayEdge*> drops = edges_of(report, Change::NewlyDenied);
  const std::string gained = report.newly_allowed == 0 ? "" : fmt::format("; {} would newly pass", counted(report.newly_allowed, "connection"));
  if (drops.size() == 1)
    return fmt::format("{} would drop {} {}{}", subject, counted(drops[0]->count, "recorded connection"), path(*drops[0]), gained);
  if (!drops.empty())
    return fmt::format("{} would drop {} on {} paths; the most, {}, {}{}", subject, counted(report.newly_denied, "recorded connection"),
                       drops.size(), drops[0]->count, path(*drops[0]), gained);
  if (report.compared == 0) return "undecided: no recorded connection could be compared";
  return fmt::format("{} would drop none of the {} that could be compared{}", subject, counted(report.compared, "recorded connection"), gained);
}

std::string replay_text(const ReplayReport& report, bool all) {
  std::string text = replay_verdict(report) + "\n";
  for (const std::string& damage : report.damaged) text += "not the whole recording: " + printable(damage) + "\n";
  text += edges_text(report, all) + fixes_text(report) + "\n";
  return text + evidence_text(report) + coverage_text(report) + compared_text(report);
}

}  // namespace weir::cli
