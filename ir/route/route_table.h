#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/span.h"
#include "ir/cluster/settings.h"
#include "ir/flow/rule_ref.h"

namespace weir::ir {

enum class ListenerProtocol : std::uint8_t { Http, Https, Tls, Tcp, Udp };

/// A listener of a Gateway after defaults (gateway.md 1.2, 1.4). `usable` is false for a conflicted or invalid one.
struct Listener {
  std::string gateway_namespace, gateway, name;
  ListenerProtocol protocol = ListenerProtocol::Http;
  std::uint16_t port = 0;
  std::string hostname;  // lower case; empty: every host; "*.example.com"
  bool usable = true;
  bool cilium = true;    // its class belongs to Cilium: backends see reserved:ingress (gateway.md 2)
  Span origin;
  friend auto operator<=>(const Listener&, const Listener&) = default;
};

enum class PathKind : std::uint8_t { Exact, Prefix, Regex };
enum class ValueKind : std::uint8_t { Exact, Regex };

struct PathMatch {
  PathKind kind = PathKind::Prefix;
  std::string value = "/";
  friend auto operator<=>(const PathMatch&, const PathMatch&) = default;
};

struct ValueMatch {
  std::string name;  // header names in lower case; query names as written
  ValueKind kind = ValueKind::Exact;
  std::string value;
  friend auto operator<=>(const ValueMatch&, const ValueMatch&) = default;
};

/// One entry of rules[].matches (gateway.md 1.5 item 19): all parts ANDed.
struct RouteMatch {
  PathMatch path;
  std::vector<ValueMatch> headers, query;
  std::string method;  // empty: any
  friend auto operator<=>(const RouteMatch&, const RouteMatch&) = default;
};

/// A weighted backendRef after resolution (gateway.md 1.7). An invalid one keeps its share and yields 500.
struct Backend {
  std::string namespace_name, service;
  std::uint16_t port = 0;
  std::uint32_t weight = 1;
  std::string invalid;                  // "BackendNotFound", "RefNotPermitted", "InvalidKind"; empty: valid
  std::vector<std::string> pods;        // ready endpoints, "shop/reviews-v1-abc", sorted
  std::vector<std::uint16_t> pod_ports; // the target port of each, same order
  bool endpoints_known = true;          // false: the Service has no selector, so no pod can be found
  Span origin;
  friend auto operator<=>(const Backend&, const Backend&) = default;
};

struct RouteRule {
  std::vector<RouteMatch> matches;
  std::vector<Backend> backends;
  Span origin;
  friend auto operator<=>(const RouteRule&, const RouteRule&) = default;
};

/// One HTTPRoute with the listeners it is attached to.
struct Route {
  std::string kind = "HTTPRoute", namespace_name, name;
  std::string created;                       // creationTimestamp, RFC 3339; empty: newest (gateway.md 22g)
  std::vector<std::string> hostnames;        // lower case; empty: those of the listener
  std::vector<std::uint32_t> listeners;      // indexes into RouteTable::listeners, sorted
  std::vector<RouteRule> rules;
  Span origin;
  friend auto operator<=>(const Route&, const Route&) = default;
};

/// What the gateways of a run do with requests. A plain value.
struct RouteTable {
  Dialect dialect = Dialect::Cilium120;  // K8s: the Gateway API text; else Cilium's translation (gateway.md 2)
  std::vector<Listener> listeners;
  std::vector<Route> routes;  // sorted by (namespace, name)
  friend auto operator<=>(const RouteTable&, const RouteTable&) = default;
};

[[nodiscard]] std::string_view to_text(ListenerProtocol);  // "HTTP", "HTTPS", "TLS", "TCP", "UDP"
/// "Exact /a header x-user=premium method GET"; regular expressions are written "~value".
[[nodiscard]] std::string to_text(const RouteMatch&);
/// "shop/reviews-v1:9080 weight 90 (2 pods)", or its reason when it is invalid.
[[nodiscard]] std::string to_text(const Backend&);
/// --emit routes: the deterministic text form.
[[nodiscard]] std::string to_text(const RouteTable&);

}  // namespace weir::ir
