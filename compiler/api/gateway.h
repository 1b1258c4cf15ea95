#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/span.h"
#include "ir/cluster/selector.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// Gateway.spec.listeners[].allowedRoutes.namespaces.from; absent is Same (gateway.md 1.1 item 2).
enum class RoutesFrom : std::uint8_t { Same, All, Selector };

/// One entry of Gateway.spec.listeners with its defaults applied.
struct ListenerObject {
  std::string name;
  std::string protocol;  // "HTTP", "HTTPS", "TLS", "TCP", "UDP", or another name as written
  std::uint16_t port = 0;
  std::string hostname;  // as written; empty: every host
  RoutesFrom from = RoutesFrom::Same;
  ir::Selector namespaces;                          // for RoutesFrom::Selector: over k8s labels of the Namespace
  std::optional<std::vector<std::string>> kinds;    // "group/Kind"; absent or empty: those of the protocol
  ir::Span origin;
  friend auto operator<=>(const ListenerObject&, const ListenerObject&) = default;
};

struct GatewayObject {
  std::string namespace_name, name, class_name;
  std::vector<ListenerObject> listeners;
  ir::Span origin;  // metadata.name
  friend auto operator<=>(const GatewayObject&, const GatewayObject&) = default;
};

struct ParentRef {
  std::string group, kind, namespace_name, name;
  std::optional<std::string> section_name;
  std::optional<std::uint16_t> port;
  ir::Span origin;
  friend auto operator<=>(const ParentRef&, const ParentRef&) = default;
};

struct BackendRef {
  std::string group, kind, namespace_name, name;
  std::optional<std::uint16_t> port;
  std::uint32_t weight = 1;
  ir::Span origin;
  friend auto operator<=>(const BackendRef&, const BackendRef&) = default;
};

struct HttpRouteRule {
  std::vector<ir::RouteMatch> matches;  // never empty: the default matches every path
  std::vector<BackendRef> backends;
  ir::Span origin;
  friend auto operator<=>(const HttpRouteRule&, const HttpRouteRule&) = default;
};

struct HttpRouteObject {
  std::string namespace_name, name;
  std::string created;  // metadata.creationTimestamp; empty: not given
  std::vector<ParentRef> parents;
  std::vector<std::string> hostnames;
  std::vector<HttpRouteRule> rules;
  ir::Span origin;  // metadata.name
  friend auto operator<=>(const HttpRouteObject&, const HttpRouteObject&) = default;
};

/// Every Gateway API object of a run, in the order of the documents.
struct GatewayObjects {
  std::vector<GatewayObject> gateways;
  std::vector<HttpRouteObject> http_routes;
  friend auto operator<=>(const GatewayObjects&, const GatewayObjects&) = default;
};

}  // namespace weir::compiler
