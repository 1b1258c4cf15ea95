#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/ip.h"
#include "ir/base/span.h"
#include "ir/cluster/gateway_dialect.h"
#include "ir/flow/rule_ref.h"
#include "ir/route/filter.h"

namespace weir::ir {

enum class ListenerProtocol : std::uint8_t { Http, Https, Tls, Tcp, Udp };

enum class TlsMode : std::uint8_t { None, Terminate, Passthrough };

/// A listener of a Gateway or of a ListenerSet, after defaults (gateway.md 1.2, 1.4). `usable` is false for a conflicted or
/// invalid one.
struct Listener {
  std::string gateway_namespace, gateway, name;  // the Gateway that serves it
  std::string set_namespace, set;                // the ListenerSet it is written in; empty: the Gateway itself
  ListenerProtocol protocol = ListenerProtocol::Http;
  std::uint16_t port = 0;
  std::string hostname;  // lower case; empty: every host; "*.example.com"
  TlsMode tls = TlsMode::None;
  bool usable = true;
  std::string broken;    // usable, and every handshake fails: "InvalidCertificateRef", ...; empty: it works
  bool cilium = true;    // its class belongs to Cilium: backends see reserved:ingress (gateway.md 2)
  std::vector<std::string> proxies;  // not Cilium's: the pods of its proxy, "infra/web-abc", sorted
  Span origin;
  std::vector<IpAddress> addresses;  // of the Gateway, as far as the input says; sorted, unique
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

/// GRPCRoute's method match (gateway.md 35): absent parts match everything.
struct GrpcMatch {
  ValueKind kind = ValueKind::Exact;
  std::string service, method;
  friend auto operator<=>(const GrpcMatch&, const GrpcMatch&) = default;
};

/// One entry of rules[].matches (gateway.md 1.5 item 19): all parts ANDed. TLS, TCP and UDP routes have one that matches
/// everything.
struct RouteMatch {
  PathMatch path;
  std::vector<ValueMatch> headers, query;
  std::string method;  // empty: any
  std::optional<GrpcMatch> grpc;  // only in a GRPCRoute; absent there: every gRPC request
  friend auto operator<=>(const RouteMatch&, const RouteMatch&) = default;
};

/// A weighted backendRef after resolution (gateway.md 1.7). An invalid one keeps its share and yields 500.
struct Backend {
  std::string namespace_name, service;
  std::uint16_t port = 0;
  std::uint32_t weight = 1;
  std::string invalid;                  // "BackendNotFound", "RefNotPermitted", "InvalidKind"; empty: valid
  std::string tls_invalid;              // why its BackendTLSPolicy cannot be used: requests get 502; empty: none, or good
  std::string app_protocol;             // of the Service port: "kubernetes.io/h2c", ...
  std::vector<Filter> filters;          // applied when this backend is picked
  std::vector<std::string> pods;        // ready endpoints, "shop/reviews-v1-abc", sorted
  std::vector<std::uint16_t> pod_ports; // the target port of each, same order
  bool endpoints_known = true;          // false: the Service has no selector, so no pod can be found
  Span origin;
  friend auto operator<=>(const Backend&, const Backend&) = default;
};

struct RouteRule {
  std::string name;
  std::vector<RouteMatch> matches;
  std::vector<Span> match_origins;  // of each match; empty: not known
  std::vector<Filter> filters;
  std::vector<Backend> backends;
  std::optional<std::uint64_t> request_timeout, backend_timeout;  // milliseconds; 0: off
  Span origin;
  friend auto operator<=>(const RouteRule&, const RouteRule&) = default;
};

/// One route of any kind ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute") with the listeners it is attached to.
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
  GatewayDialect dialect = GatewayDialect::Cilium120;
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
