#include "cli/report/sets_diff_routes.h"

#include <nlohmann/json.hpp>

#include "cli/report/route_report.h"
#include "compiler/verify/route_text.h"

namespace weir::cli {
namespace {

using compiler::RequestDifference;
using nlohmann::ordered_json;

std::string listener_text(const ir::Listener& listener) {
  return listener.name + (listener.set.empty() ? "" : " of ListenerSet " + listener.set_namespace + "/" + listener.set);
}

std::string gateway_text(const RequestDifference& line) {
  const std::string gateway = line.request.gateway_namespace + "/" + line.request.gateway;
  const auto &before = line.listener_before, &after = line.listener_after;
  if (!before && !after) return gateway + " port " + std::to_string(line.request.port);
  if (before && after && listener_text(*before) != listener_text(*after))
    return gateway + " listener " + listener_text(*before) + " before, " + listener_text(*after) + " after";
  return gateway + " listener " + listener_text(before ? *before : *after);
}

ordered_json pairs_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, value] : pairs) out[name] = value;
  return out;
}

/// In the terms of a request of `weir test`. TLS, TCP and UDP have no method, path and headers (gateway.md 36).
ordered_json witness_json(const ir::Request& request) {
  ordered_json out{{"scheme", request.scheme}};
  const bool stream = request.scheme == "tcp" || request.scheme == "udp", http = !stream && request.scheme != "tls";
  if (http) out["method"] = request.scheme == "grpc" ? "POST" : request.method;
  if (!stream) out["host"] = request.host;
  out["port"] = request.port;
  if (http) out["path"] = request.path;
  if (http) out["headers"] = pairs_json(request.headers);
  if (!request.query.empty()) out["query"] = pairs_json(request.query);
  if (request.sni) out["sni"] = *request.sni;
  return out;
}

}  // namespace

RouteRow route_row(const RequestDifference& line) { return {compiler::request_text(line.request), gateway_text(line), line.before, line.after}; }

std::vector<RouteRow> route_rows(const compiler::RouteDiff& routes) {
  std::vector<RouteRow> rows;
  for (const RequestDifference& line : routes.found) rows.push_back(route_row(line));
  return rows;
}

ordered_json route_json(const RequestDifference& line) {
  ordered_json out{{"witness", witness_json(line.request)}, {"before", line.before}, {"after", line.after}};
  const auto &before = line.listener_before, &after = line.listener_after;
  out["listener"] = before || after ? listener_json(after ? *after : *before)
                                    : ordered_json{{"kind", "Gateway"}, {"namespace", line.request.gateway_namespace}, {"gateway", line.request.gateway}};
  if (before && after && listener_json(*before) != listener_json(*after)) out["listenerBefore"] = listener_json(*before);
  return out;
}

}  // namespace weir::cli
