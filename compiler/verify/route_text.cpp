#include "compiler/verify/route_text.h"

#include <algorithm>

#include "ir/route/hostname.h"
#include "ir/route/url.h"
#include "nlohmann/json.hpp"

namespace weir::compiler {
namespace {

bool speaks_http(const ir::Request& request) { return request.scheme == "http" || request.scheme == "https" || request.scheme == "grpc"; }

std::string method_of(const ir::Request& request) { return request.scheme == "grpc" ? "POST" : request.method; }

std::string server_name(const std::string& name) { return name.empty() ? "no server name" : "server name `" + name + "`"; }

/// What TLS, TCP and UDP show of themselves (gateway.md 36).
std::string connection_text(const ir::Request& request) {
  const std::string port = " to port " + std::to_string(request.port);
  if (request.scheme == "udp") return "UDP datagram" + port;
  if (request.scheme == "tcp") return "TCP connection" + port;
  return "TLS connection" + port + ", " + server_name(request.sni.value_or(request.host));
}

/// gateway.md 22a.
ir::HostRank rank_for(const ir::Route& route, const std::string& host) {
  ir::HostRank best;
  for (const std::string& hostname : route.hostnames)
    if (ir::hostname_matches(hostname, host)) best = std::max(best, ir::host_rank(hostname));
  return best;
}

std::string path_reason(const ir::PathMatch& winner, const ir::PathMatch& loser) {
  if (winner.kind == loser.kind) return "the longer path wins";
  const auto called = [](ir::PathKind kind) { return kind == ir::PathKind::Exact ? "an exact path" : kind == ir::PathKind::Regex ? "a regular expression" : "a prefix"; };
  return std::string(called(winner.kind)) + " ranks before " + called(loser.kind);
}

}  // namespace

const ir::RouteRule& rule_of(const ir::RouteTable& table, const ir::RouteChoice& choice) { return table.routes[choice.route].rules[choice.rule]; }

const ir::RouteMatch& match_of(const ir::RouteTable& table, const ir::RouteChoice& choice) { return rule_of(table, choice).matches[choice.match]; }

ir::Span origin_of(const ir::RouteTable& table, const ir::RouteChoice& choice) {
  const ir::RouteRule& rule = rule_of(table, choice);
  if (choice.match < rule.match_origins.size() && rule.match_origins[choice.match].known()) return rule.match_origins[choice.match];
  return rule.origin.known() ? rule.origin : table.routes[choice.route].origin;
}

std::string name_of(const ir::Route& route) { return route.kind + " `" + route.namespace_name + "/" + route.name + "`"; }

std::string rule_name_of(const ir::RouteTable& table, const ir::RouteChoice& choice) {
  return "rule " + std::to_string(choice.rule) + " of " + name_of(table.routes[choice.route]);
}

std::string name_of(const ir::RouteTable& table, const ir::RouteChoice& choice) {
  return "`" + ir::to_text(match_of(table, choice)) + "` in " + rule_name_of(table, choice);
}

std::string reason_of(const ir::RouteTable& table, const ir::RouteChoice& winner, const ir::RouteChoice& loser, const std::string& host) {
  const ir::Route &first = table.routes[winner.route], &second = table.routes[loser.route];
  if (rank_for(first, host) != rank_for(second, host)) return "its hostname is more specific";
  const ir::RouteMatch &a = match_of(table, winner), &b = match_of(table, loser);
  if (a.path.kind != b.path.kind || a.path.value.size() != b.path.value.size()) return path_reason(a.path, b.path);
  if (a.grpc != b.grpc) return "its service and method are more specific";
  if (a.method.empty() != b.method.empty()) return "a match with a method ranks before one without";
  if (a.headers.size() != b.headers.size()) return "more headers rank before fewer";
  if (a.query.size() != b.query.size()) return "more query parameters rank before fewer";
  if (winner.route == loser.route) return "it stands first in the route";
  return first.created != second.created ? "its route is older" : "the name of its route is the first one";
}

std::string request_json(const ir::Request& request, std::string_view decided_by) {
  nlohmann::ordered_json json;
  json["gateway"] = request.gateway_namespace + "/" + request.gateway;
  if (speaks_http(request)) json["method"] = method_of(request);
  json["url"] = ir::url_of(request);
  for (const auto& [name, value] : request.headers) json["headers"].push_back(name + ": " + value);
  if (request.sni) json["sni"] = *request.sni;
  json["decided_by"] = decided_by;
  return json.dump();
}

std::string request_text(const ir::Request& request) {
  if (!speaks_http(request)) return connection_text(request);
  // RFC 9112 3.2.4: of all, OPTIONS alone asks about the server and not about a path of it.
  ir::Request root = request;
  if (request.path == "*") root.path.clear();
  std::string text = method_of(request) + (request.path == "*" ? " * to " : " ") + ir::url_of(root);
  for (const auto& [name, value] : request.headers) text += ", header `" + name + ": " + value + "`";
  return text + (request.sni ? ", " + server_name(*request.sni) : "");
}

std::vector<std::string> request_notes(const ir::Request& request, std::string_view decided_by) {
  return {"for example " + request_text(request) + " goes to " + std::string(decided_by)};
}

}  // namespace weir::compiler
