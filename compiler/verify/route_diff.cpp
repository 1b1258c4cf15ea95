// Tested by tests/unit/compiler/verify/route_diff_test.cpp.
#include "compiler/verify/route_diff.h"

#include <set>
#include <sstream>
#include <tuple>

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

std::string percent(double share) {
  std::ostringstream text;
  text.precision(4);
  text << share * 100 << " %";
  return text.str();
}

/// What the backend sees of the request, where that is not what the client sent.
std::string forwarded_text(const ir::Request& sent, const ir::Request& seen) {
  std::string text;
  if (seen.host != sent.host || seen.path != sent.path) text += " as " + seen.host + seen.path;
  if (seen.headers == sent.headers) return text;
  for (const auto& [name, value] : seen.headers) text += " " + name + "=" + value;
  return text;
}

std::string backends_text(const ir::RouteDecision& decision, const ir::Request& request) {
  std::string text;
  for (const ir::BackendShare& share : decision.backends) {
    text += (text.empty() ? "" : ", ") + share.backend.namespace_name + "/" + share.backend.service + ":" + std::to_string(share.backend.port) + " " + percent(share.share);
    if (share.status != 0) text += " (" + std::to_string(share.status) + ")";
    text += forwarded_text(request, share.forwarded);
  }
  return text;
}

/// What the client gets.
std::string text_of(const ir::RouteTable& table, const ir::Request& request) {
  const ir::RouteDecision decision = ir::route(table, request);
  switch (decision.outcome) {
    case ir::RouteOutcome::Backends: return backends_text(decision, request);
    case ir::RouteOutcome::Redirect: return "redirect " + std::to_string(decision.status) + " " + (decision.redirect ? decision.redirect->location : "");
    case ir::RouteOutcome::Response: return std::to_string(decision.status);
    case ir::RouteOutcome::Rejected: return "the connection is refused";
    case ir::RouteOutcome::NoListener: return "nothing listens";
  }
  return {};
}

}  // namespace

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
  std::set<ir::Request> requests;
  for (const ir::RouteTable* table : {&before, &after})
    for (ir::Request& one : sample_requests(*table)) requests.insert(std::move(one));
  RouteDiff out;
  std::set<std::tuple<std::string, std::string, std::uint16_t, std::string, std::string, std::string>> seen;
  for (const ir::Request& request : requests) {
    ++out.asked;
    RequestDifference one{request, text_of(before, request), text_of(after, request)};
    if (one.before == one.after) continue;
    if (seen.emplace(request.gateway_namespace, request.gateway, request.port, request.host, one.before, one.after).second) out.found.push_back(std::move(one));
  }
  return out;
}

}  // namespace weir::compiler
