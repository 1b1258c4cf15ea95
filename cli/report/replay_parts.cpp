#include "cli/report/replay_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/report/display.h"

namespace weir::cli {

using simulator::Change;
using simulator::ReplayEdge;
using simulator::ReplayReport;

bool is_listed(const ReplayEdge& edge, bool all) {
  return all || edge.change == Change::NewlyDenied || edge.change == Change::NewlyAllowed || edge.change == Change::Unknown;
}

std::string to_text(Change change) {
  switch (change) {
    case Change::Same: return "same";
    case Change::NewlyDenied: return "newly denied";
    case Change::NewlyAllowed: return "newly allowed";
    case Change::Unknown: return "unknown";
    case Change::Unexplained: return "unexplained";
  }
  return {};
}

bool has_port(const ReplayEdge& edge) { return edge.protocol != ir::Protocol::Icmp && edge.protocol != ir::Protocol::Icmpv6; }

std::string port_text(const ReplayEdge& edge) {
  if (!has_port(edge)) return ir::to_text(edge.protocol) + " type " + std::to_string(edge.port);
  return std::to_string(edge.port) + "/" + ir::to_text(edge.protocol);
}

std::string place_text(const ReplayEdge& edge) {
  if (edge.decided_by.empty()) return {};
  const ir::RuleRef& rule = edge.decided_by.front();
  return rule.file.empty() ? ir::to_text(rule) : rule.file + ":" + std::to_string(rule.line);
}

std::string counted(std::uint64_t count, std::string_view one) { return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s"); }

std::string why_text(const ReplayEdge& edge) { return edge.change == Change::Unknown ? edge.reason : place_text(edge); }

std::string what_text(const ReplayEdge& edge) { return edge.l7.empty() ? port_text(edge) : port_text(edge) + " " + edge.l7; }

std::vector<const ReplayEdge*> edges_of(const ReplayReport& report, Change change) {
  std::vector<const ReplayEdge*> edges;
  for (const ReplayEdge& edge : report.edges)
    if (edge.change == change) edges.push_back(&edge);
  std::stable_sort(edges.begin(), edges.end(), [](const ReplayEdge* a, const ReplayEdge* b) { return a->count > b->count; });
  return edges;
}

std::vector<const ReplayEdge*> listed_edges(const ReplayReport& report, bool all) {
  std::vector<const ReplayEdge*> listed;
  for (const Change change : {Change::NewlyDenied, Change::NewlyAllowed, Change::Unknown, Change::Unexplained, Change::Same})
    for (const ReplayEdge* edge : edges_of(report, change))
      if (is_listed(*edge, all) || change == Change::Unexplained) listed.push_back(edge);
  return listed;
}

std::string_view meaning_of(std::string_view reason) {
  struct Entry {
    std::string_view reason, text;
  };
  constexpr std::array<Entry, 16> kMeanings = {{
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
      {"POLICY_CHANGED", "the policy changed while it was open"},
      {"SERVICE_BACKENDS_DIFFER", "the destination is a Service address, and policy treats its backends differently"}}};
  for (const Entry& entry : kMeanings)
    if (entry.reason == reason) return entry.text;
  return "";
}

std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += "  " + line + "\n";
  }
  return text;
}

}  // namespace weir::cli
