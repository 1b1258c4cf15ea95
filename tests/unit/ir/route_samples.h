#pragma once

#include <string>
#include <vector>

#include "ir/eval/route.h"

// Small tables and requests for tests of the router: Gateway infra/web, backends of namespace shop.
namespace weir::ir {

inline Backend backend(std::string service, std::uint32_t weight = 1) {
  Backend out;
  out.namespace_name = "shop";
  out.service = std::move(service);
  out.port = 80;
  out.weight = weight;
  out.pods = {"shop/" + out.service + "-1"};
  out.pod_ports = {8080};
  return out;
}

inline Listener listener(std::string name, std::string hostname, ListenerProtocol protocol = ListenerProtocol::Http,
                  std::uint16_t port = 80) {
  Listener out;
  out.gateway_namespace = "infra";
  out.gateway = "web";
  out.name = std::move(name);
  out.protocol = protocol;
  out.port = port;
  out.hostname = std::move(hostname);
  return out;
}

inline RouteMatch path(PathKind kind, std::string value) {
  RouteMatch out;
  out.path = {kind, std::move(value)};
  return out;
}

/// A route on listener 0 with one rule of one match and one backend called like the route.
inline Route simple(std::string name, RouteMatch match, std::vector<std::string> hostnames = {}) {
  Route out;
  out.namespace_name = "shop";
  out.name = name;
  out.hostnames = std::move(hostnames);
  out.listeners = {0};
  RouteRule rule;
  rule.matches = {std::move(match)};
  rule.backends = {backend(name)};
  out.rules = {std::move(rule)};
  return out;
}

inline RouteTable table(std::vector<Route> routes, std::vector<Listener> listeners = {listener("http", "")}) {
  RouteTable out;
  out.listeners = std::move(listeners);
  out.routes = std::move(routes);
  return out;
}

inline Request get(std::string host, std::string path) {
  Request out;
  out.gateway_namespace = "infra";
  out.gateway = "web";
  out.host = std::move(host);
  out.path = std::move(path);
  return out;
}

inline std::string winner(const RouteTable& routes, const Request& request) {
  const RouteDecision decision = route(routes, request);
  if (decision.outcome != RouteOutcome::Backends) return std::to_string(decision.status);
  return decision.backends.front().backend.service;
}

}  // namespace weir::ir
