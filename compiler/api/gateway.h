#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/api/meta.h"
#include "compiler/api/selector.h"
#include "ir/base/span.h"
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
  std::optional<LabelSelector> namespaces;          // for RoutesFrom::Selector: over labels of the Namespace
  std::vector<std::string> kinds;                   // "group/Kind"; empty: those of the protocol (gateway.md 8)
  bool has_tls = false;
  ir::Span origin;
  friend auto operator<=>(const ListenerObject&, const ListenerObject&) = default;
};

struct GatewayClassObject {
  ObjectMeta meta;
  std::string controller;  // "io.cilium/gateway-controller"
  friend auto operator<=>(const GatewayClassObject&, const GatewayClassObject&) = default;
};

struct GatewayObject {
  ObjectMeta meta;
  std::string class_name;
  std::vector<ListenerObject> listeners;
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

struct HttpRouteMatch {
  ir::RouteMatch match;  // repeated header and query names already dropped (gateway.md 21)
  ir::Span origin;
  friend auto operator<=>(const HttpRouteMatch&, const HttpRouteMatch&) = default;
};

struct HttpRouteRule {
  std::vector<HttpRouteMatch> matches;  // never empty: the default matches every path
  std::vector<BackendRef> backends;
  ir::Span origin;
  friend auto operator<=>(const HttpRouteRule&, const HttpRouteRule&) = default;
};

struct HttpRouteObject {
  ObjectMeta meta;
  std::vector<ParentRef> parents;
  std::vector<Located<std::string>> hostnames;
  std::vector<HttpRouteRule> rules;
  friend auto operator<=>(const HttpRouteObject&, const HttpRouteObject&) = default;
};

/// Every Gateway API object of a run, in the order of the documents.
struct GatewayObjects {
  std::vector<GatewayClassObject> classes;
  std::vector<GatewayObject> gateways;
  std::vector<HttpRouteObject> http_routes;
  friend auto operator<=>(const GatewayObjects&, const GatewayObjects&) = default;
};

}  // namespace weir::compiler
