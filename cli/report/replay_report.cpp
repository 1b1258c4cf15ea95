#include "cli/report/replay_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/report/rule_json.h"
#include "simulator/flows/times.h"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using simulator::Change;
using simulator::ReplayEdge;
using simulator::ReplayReport;

double rounded(double value, double unit) { return std::round(value / unit) * unit; }

ordered_json flows_json(const ReplayReport& report) {
  const simulator::ReplayFlows& flows = report.flows;
  ordered_json json = {{"read", flows.read}, {"malformed", flows.malformed}, {"evaluated", flows.evaluated}};
  json["skipped"] = {{"reply", flows.reply}, {"not-policy", flows.not_policy}, {"duplicate", flows.duplicate},
                     {"lost-events", flows.lost_events}, {"not-comparable", flows.not_comparable}};
  if (flows.late != 0) json["outOfOrder"] = flows.late;
  return json;
}

ordered_json nodes_json(const ReplayReport& report) {
  ordered_json nodes = ordered_json::array();
  for (const simulator::ReplayNode& node : report.nodes) {
    ordered_json json = {{"name", node.name}, {"flows", node.flows}, {"lostEvents", node.lost_events}};
    if (node.unavailable) json["unavailable"] = true;
    nodes.push_back(std::move(json));
  }
  return nodes;
}

bool has_port(const ReplayEdge& edge) { return edge.protocol != ir::Protocol::Icmp && edge.protocol != ir::Protocol::Icmpv6; }

ordered_json edge_json(const ReplayEdge& edge) {
  ordered_json json = {{"src", edge.source}, {"dst", edge.destination}, {"direction", ir::to_text(edge.direction)},
                       {"protocol", ir::to_text(edge.protocol)}};
  json[has_port(edge) ? "port" : "icmpType"] = edge.port;
  json["count"] = edge.count;
  json["flows"] = edge.flows;
  if (edge.first) json["first"] = simulator::time_text(*edge.first);
  if (edge.last) json["last"] = simulator::time_text(*edge.last);
  if (!edge.recorded.empty()) json["recorded"] = edge.recorded;
  json["predicted"] = edge.predicted;
  if (!edge.match.empty()) json["match"] = edge.match;
  if (edge.redirected) json["redirected"] = true;
  if (!edge.reason.empty()) json["reason"] = edge.reason;
  if (!edge.decided_by.empty()) json["decidedBy"] = rules_json(edge.decided_by);
  if (!edge.fix.empty()) json["fix"] = edge.fix;
  return json;
}

}  // namespace

std::string replay_json(const ReplayReport& report, bool all) {
  ordered_json json = {{"apiVersion", "weir.dev/v1alpha1"}, {"kind", "ReplayReport"}};
  json["flows"] = flows_json(report);
  if (report.first) json["window"] = {{"first", simulator::time_text(*report.first)}, {"last", simulator::time_text(*report.last)}};
  json["nodes"] = nodes_json(report);
  json["notComparable"] = ordered_json::object();
  for (const auto& [reason, count] : report.not_comparable) json["notComparable"][reason] = count;
  json["unexplained"] = {{"connections", report.unexplained}, {"rate", rounded(report.unexplained_rate(), 0.0001)}};
  json["coverage"] = {{"percent", rounded(report.coverage_percent(), 0.01)},
                      {"pods", {{"seen", report.pods_seen}, {"total", report.pods_total}}},
                      {"rules", {{"exercised", report.rules_exercised}, {"total", report.rules_total}}}};
  json["verdicts"] = {{"allowed", report.allowed}, {"denied", report.denied}, {"unknown", report.unknown}};
  json["agreement"] = {{"same", report.same}, {"newlyDenied", report.newly_denied}, {"newlyAllowed", report.newly_allowed},
                       {"unknown", report.unknown}};
  json["connections"] = ordered_json::array();
  for (const ReplayEdge& edge : report.edges)
    if (is_listed(edge, all)) json["connections"].push_back(edge_json(edge));
  if (!report.missing_fields.empty()) json["missingFields"] = report.missing_fields;
  if (!report.damaged.empty()) json["damaged"] = report.damaged;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::optional<std::string> replay_output(const ReplayReport& report, const std::string& format, bool all) {
  if (format == "text") return replay_text(report, all);
  if (format == "json") return replay_json(report, all);
  if (format == "markdown") return replay_markdown(report, all);
  if (format == "csv") return replay_csv(report, all);
  if (format == "dot") return replay_dot(report, all);
  return std::nullopt;
}

int replay_exit(const ReplayReport& report, const ReplayLimits& limits) {
  if (!report.damaged.empty()) return 3;
  if (report.newly_denied != 0) return 1;
  if (report.compared == 0) return 4;
  if (limits.min_coverage && report.coverage_percent() < *limits.min_coverage) return 4;
  return report.unexplained_rate() * 100 > limits.max_unexplained ? 4 : 0;
}

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

std::string port_text(const ReplayEdge& edge) {
  if (!has_port(edge)) return ir::to_text(edge.protocol) + " type " + std::to_string(edge.port);
  return std::to_string(edge.port) + "/" + ir::to_text(edge.protocol);
}

std::string place_text(const ReplayEdge& edge) {
  if (edge.decided_by.empty()) return {};
  const ir::RuleRef& rule = edge.decided_by.front();
  return rule.file.empty() ? ir::to_text(rule) : rule.file + ":" + std::to_string(rule.line);
}

}  // namespace weir::cli
