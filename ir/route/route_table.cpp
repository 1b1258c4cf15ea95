#include "ir/route/route_table.h"

namespace weir::ir {
namespace {

std::string value_text(std::string_view what, const ValueMatch& match) {
  return " " + std::string(what) + " " + match.name + (match.kind == ValueKind::Regex ? "=~" : "=") + match.value;
}

std::string_view kind_text(PathKind kind) {
  switch (kind) {
    case PathKind::Exact: return "Exact";
    case PathKind::Prefix: return "PathPrefix";
    case PathKind::Regex: return "RegularExpression";
  }
  return "PathPrefix";
}

std::string grpc_text(const GrpcMatch& match) {
  const std::string regex = match.kind == ValueKind::Regex ? "~" : "";
  const auto part = [&](const std::string& text) { return text.empty() ? "*" : regex + text; };
  return part(match.service) + "/" + part(match.method);
}

std::string listener_text(const Listener& listener) {
  std::string text = listener.gateway_namespace + "/" + listener.gateway + "/" + listener.name + " ";
  text += std::string(to_text(listener.protocol)) + "/" + std::to_string(listener.port);
  text += " " + (listener.hostname.empty() ? std::string("*") : listener.hostname);
  return text + (listener.usable ? "" : " (not usable)");
}

std::string rule_text(const RouteRule& rule, std::size_t number) {
  std::string text = "  rule " + std::to_string(number) + "\n";
  for (const RouteMatch& match : rule.matches) text += "    match " + to_text(match) + "\n";
  for (const Backend& backend : rule.backends) text += "    backend " + to_text(backend) + "\n";
  return text;
}

std::string route_text(const Route& route) {
  std::string text = route.kind + " " + route.namespace_name + "/" + route.name;
  for (const std::string& hostname : route.hostnames) text += " " + hostname;
  text += "\n";
  for (const std::uint32_t listener : route.listeners) text += "  on listener " + std::to_string(listener) + "\n";
  for (std::size_t n = 0; n < route.rules.size(); ++n) text += rule_text(route.rules[n], n);
  return text;
}

}  // namespace

std::string_view to_text(ListenerProtocol protocol) {
  switch (protocol) {
    case ListenerProtocol::Http: return "HTTP";
    case ListenerProtocol::Https: return "HTTPS";
    case ListenerProtocol::Tls: return "TLS";
    case ListenerProtocol::Tcp: return "TCP";
    case ListenerProtocol::Udp: return "UDP";
  }
  return "HTTP";
}

std::string to_text(const RouteMatch& match) {
  std::string text = std::string(kind_text(match.path.kind)) + " " + match.path.value;
  if (match.grpc) text = "gRPC " + grpc_text(*match.grpc);
  for (const ValueMatch& header : match.headers) text += value_text("header", header);
  for (const ValueMatch& query : match.query) text += value_text("query", query);
  return match.method.empty() ? text : text + " method " + match.method;
}

std::string to_text(const Backend& backend) {
  std::string text = backend.namespace_name + "/" + backend.service;
  if (backend.port != 0) text += ":" + std::to_string(backend.port);
  text += " weight " + std::to_string(backend.weight);
  if (!backend.invalid.empty()) return text + " (" + backend.invalid + ")";
  if (!backend.endpoints_known) return text + " (endpoints not known)";
  return text + " (" + std::to_string(backend.pods.size()) + (backend.pods.size() == 1 ? " pod)" : " pods)");
}

std::string to_text(const RouteTable& table) {
  std::string text;
  for (std::size_t n = 0; n < table.listeners.size(); ++n)
    text += "listener " + std::to_string(n) + " " + listener_text(table.listeners[n]) + "\n";
  for (const Route& route : table.routes) text += route_text(route);
  return text;
}

}  // namespace weir::ir
