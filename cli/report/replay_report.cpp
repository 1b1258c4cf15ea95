#include "cli/report/replay_report.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/report/replay_parts.h"
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
  if (flows.too_long != 0) json["tooLong"] = flows.too_long;
  if (flows.filtered != 0) json["filtered"] = flows.filtered;
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

/// "GET /v1/items" or "dns example.com" (ReplayEdge::l7).
ordered_json l7_json(const std::string& text) {
  const std::size_t space = text.find(' ');
  const std::string first = text.substr(0, space), rest = space == std::string::npos ? "" : text.substr(space + 1);
  if (first == "dns") return {{"protocol", "dns"}, {"query", rest}};
  return {{"protocol", "http"}, {"method", first}, {"path", rest}};
}

ordered_json edge_json(const ReplayEdge& edge) {
  ordered_json json = {{"src", edge.source}, {"dst", edge.destination}, {"direction", ir::to_text(edge.direction)},
                       {"protocol", ir::to_text(edge.protocol)}};
  json[has_port(edge) ? "port" : "icmpType"] = edge.port;
  if (!edge.l7.empty()) json["l7"] = l7_json(edge.l7);
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
  if (!edge.example.empty()) json["example"] = edge.example;
  return json;
}

ordered_json window_json(const ReplayReport& report, const ReplayView& view) {
  constexpr double kSecond = 1e9;
  ordered_json json = {{"first", simulator::time_text(*report.first)}, {"last", simulator::time_text(*report.last)},
                       {"seconds", rounded(static_cast<double>(window_length(report)) / kSecond, 0.001)}};
  // Jobs that run this seldom may not be in it.
  json["blindTo"] = blind_to(window_length(report));
  if (const auto unseen = jobs_unseen(report, view.jobs); !unseen.empty()) json["jobsUnseen"] = unseen;
  return json;
}

ordered_json coverage_json(const ReplayReport& report) {
  ordered_json json = {{"percent", rounded(report.coverage_percent(), 0.01)},
                       {"pods", {{"seen", report.pods_seen}, {"total", report.pods_total}}},
                       {"rules", {{"exercised", report.rules_exercised}, {"total", report.rules_total}}}};
  if (!report.pods_unseen.empty()) json["pods"]["unseen"] = report.pods_unseen;
  if (!report.rules_unexercised.empty()) json["rules"]["unexercised"] = rules_json(report.rules_unexercised);
  if (report.workloads_seen != 0) json["workloads"] = report.workloads_seen;
  return json;
}

ordered_json requests_json(const simulator::ReplayRequests& requests) {
  return {{"compared", requests.compared}, {"same", requests.same}, {"newlyDenied", requests.newly_denied},
          {"newlyAllowed", requests.newly_allowed}, {"unexplained", requests.unexplained}, {"unknown", requests.unknown}};
}

ordered_json route_json(const simulator::RouteChange& route) {
  ordered_json json = {{"method", route.method}, {"host", route.host}, {"path", route.path},
                       {"before", route.before}, {"after", route.after}, {"count", route.count}};
  if (!route.example.empty()) json["example"] = route.example;
  if (!route.routes.empty()) json["decidedBy"] = rules_json(route.routes);
  return json;
}

}  // namespace

std::string replay_json(const ReplayReport& report, const ReplayView& view) {
  ordered_json json = head_json("ReplayReport");
  json["flows"] = flows_json(report);
  if (report.sampled > 1) json["sampled"] = report.sampled;
  if (report.first) json["window"] = window_json(report, view);
  json["nodes"] = nodes_json(report);
  json["notComparable"] = ordered_json::object();
  for (const auto& [reason, count] : report.not_comparable) json["notComparable"][reason] = count;
  json["unexplained"] = {{"connections", report.unexplained}, {"rate", rounded(report.unexplained_rate(), 0.0001)}};
  json["coverage"] = coverage_json(report);
  json["verdicts"] = {{"allowed", report.allowed}, {"denied", report.denied}, {"unknown", report.unknown}};
  json["agreement"] = {{"same", report.same}, {"newlyDenied", report.newly_denied}, {"newlyAllowed", report.newly_allowed},
                       {"unknown", report.unknown}};
  if (report.requests.compared + report.requests.unknown != 0) json["requests"] = requests_json(report.requests);
  json["connections"] = ordered_json::array();
  for (const ReplayEdge& edge : report.edges)
    if (is_listed(edge, view.all)) json["connections"].push_back(edge_json(edge));
  for (const simulator::RouteChange& route : report.routes) json["routes"].push_back(route_json(route));
  if (!report.missing_fields.empty()) json["missingFields"] = report.missing_fields;
  if (!report.damaged.empty()) json["damaged"] = report.damaged;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

const std::vector<std::string_view>& replay_formats() {
  static const std::vector<std::string_view> formats = {"text", "json", "csv", "dot", "markdown", "html"};
  return formats;
}

std::optional<std::string> replay_output(const ReplayReport& report, const std::string& format, const ReplayView& view) {
  if (format == "text") return replay_text(report, view);
  if (format == "json") return replay_json(report, view);
  if (format == "markdown") return replay_markdown(report, view);
  if (format == "csv") return replay_csv(report, view);
  if (format == "dot") return replay_dot(report, view);
  if (format == "html") return replay_html(report, view);
  return std::nullopt;
}

int replay_exit(const ReplayReport& report, const ReplayLimits& limits) {
  if (!report.damaged.empty()) return 3;
  if (report.newly_denied + report.requests.newly_denied != 0) return 1;
  if (report.compared + report.requests.compared == 0) return 4;
  if (limits.min_coverage && report.coverage_percent() < *limits.min_coverage) return 4;
  return report.unexplained_rate() * 100 > limits.max_unexplained ? 4 : 0;
}

}  // namespace weir::cli
