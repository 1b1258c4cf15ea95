// Tested by tests/unit/compiler/verify/route_diff_test.cpp.
#include "compiler/verify/route_diff.h"

#include <set>
#include <tuple>

#include "compiler/verify/route_answer.h"
#include "compiler/verify/route_compare.h"
#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

std::string scheme_of(const ir::Listener& listener, const std::string& kind) {
  if (kind == "GRPCRoute") return "grpc";
  switch (listener.protocol) {
    case ir::ListenerProtocol::Http: return "http";
    case ir::ListenerProtocol::Https: return "https";
    case ir::ListenerProtocol::Tls: return "tls";
    case ir::ListenerProtocol::Tcp: return "tcp";
    case ir::ListenerProtocol::Udp: return "udp";
  }
  return "http";
}

/// A host that the pattern takes; an empty one takes every host.
std::string host_of(const std::string& pattern) {
  if (pattern.empty()) return "any.example.com";
  return pattern.starts_with("*.") ? "any" + pattern.substr(1) : pattern;
}

ir::Request request_to(const ir::Listener& listener, const std::string& host, const std::string& kind) {
  ir::Request out;
  out.gateway_namespace = listener.gateway_namespace;
  out.gateway = listener.gateway;
  out.scheme = scheme_of(listener, kind);
  out.host = host;
  out.port = listener.port;
  return out;
}

/// The request made to fit; the router says whether it does.
ir::Request fitted(ir::Request request, const ir::RouteMatch& match) {
  request.path = match.path.value.empty() ? "/" : match.path.value;
  if (!match.method.empty()) request.method = match.method;
  for (const ir::ValueMatch& one : match.headers) request.headers.emplace_back(one.name, one.value);
  for (const ir::ValueMatch& one : match.query) request.query.emplace_back(one.name, one.value);
  if (match.grpc) request.path = "/" + (match.grpc->service.empty() ? "any" : match.grpc->service) + "/" + (match.grpc->method.empty() ? "any" : match.grpc->method);
  return request;
}

void add_matches(const ir::Route& route, const ir::Request& base, std::set<ir::Request>& out) {
  for (const ir::RouteRule& rule : route.rules)
    for (const ir::RouteMatch& match : rule.matches) {
      ir::Request one = fitted(base, match);
      out.insert(one);
      const bool prefix = match.path.kind == ir::PathKind::Prefix && !match.grpc;
      if (prefix) one.path += one.path.ends_with('/') ? "below" : "/below";
      out.insert(std::move(one));
    }
}

std::optional<ir::Listener> listener_of(const ir::RouteTable& table, const ir::Request& request) {
  const auto at = ir::pick(table, request).listener;
  return at ? std::optional(table.listeners[*at]) : std::nullopt;
}

}  // namespace

std::optional<RequestDifference> difference(const ir::RouteTable& before, const ir::RouteTable& after, const ir::Request& request) {
  std::string first = answer_text(before, request), second = answer_text(after, request);
  if (first == second) return std::nullopt;
  return RequestDifference{request, std::move(first), std::move(second), listener_of(before, request), listener_of(after, request)};
}

std::vector<ir::Request> sample_requests(const ir::RouteTable& table) {
  std::set<ir::Request> out;
  for (const ir::Listener& listener : table.listeners) {
    ir::Request beside = request_to(listener, host_of(listener.hostname), "");
    beside.path = "/weir-nobody";
    out.insert(std::move(beside));
  }
  for (const ir::Route& route : table.routes)
    for (const std::uint32_t at : route.listeners) {
      const ir::Listener& listener = table.listeners[at];
      std::vector<std::string> hosts = route.hostnames;
      if (hosts.empty()) hosts.emplace_back();
      for (const std::string& host : hosts)
        if (const auto both = ir::intersect(listener.hostname, host)) add_matches(route, request_to(listener, host_of(*both), route.kind), out);
    }
  return {out.begin(), out.end()};
}

RouteDiff diff_routes(const ir::RouteTable& before, const ir::RouteTable& after) {
  RouteDiff out = compare_routes(before, after);
  if (out.unknown.empty()) return out;
  // What was not proven is at least asked about; a pair of answers that is told already is no news.
  using Told = std::tuple<std::string, std::string, std::uint16_t, std::string, std::string>;
  const auto key = [](const RequestDifference& one) { return Told(one.request.gateway_namespace, one.request.gateway, one.request.port, one.before, one.after); };
  std::set<Told> told;
  for (const RequestDifference& one : out.found) told.insert(key(one));
  std::set<ir::Request> requests;
  for (const ir::RouteTable* table : {&before, &after})
    for (ir::Request& one : sample_requests(*table)) requests.insert(std::move(one));
  for (const ir::Request& request : requests) {
    ++out.asked;
    auto one = difference(before, after, request);
    if (one && told.insert(key(*one)).second) out.found.push_back(std::move(*one));
  }
  return out;
}

}  // namespace weir::compiler
