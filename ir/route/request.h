#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::ir {

/// One request as a client sends it.
struct Request {
  std::string gateway_namespace, gateway;  // gateway empty: whichever gateway of the table takes it
  std::string scheme = "http";             // http, https, grpc, tls, tcp, udp
  std::string host;                        // as sent; a port is dropped
  std::uint16_t port = 80;
  std::string method = "GET";              // scheme grpc: always POST, whatever stands here
  std::string path = "/";                  // without the query
  std::optional<std::string> sni;          // absent: the host; "": none was sent
  std::vector<std::pair<std::string, std::string>> headers, query;  // in order, repeats allowed
  friend auto operator<=>(const Request&, const Request&) = default;
};

/// Which (route, rule, match) took the request, as indexes into the table.
struct RouteChoice {
  std::uint32_t route = 0, rule = 0, match = 0;
  friend auto operator<=>(const RouteChoice&, const RouteChoice&) = default;
};

/// How the choice of listener and rule ended.
enum class RouteReason : std::uint8_t {
  Rule,             // `choice` takes it
  NoPort,           // nothing usable listens there
  WrongProtocol,    // what listens there speaks something else
  NoHost,           // HTTP: no listener takes the host (gateway.md 17)
  NoName,           // TLS: no listener takes the server name
  NoCertificate,    // the handshake fails: Listener::broken
  NotTerminated,    // the dialect does not end TLS for TLSRoutes (gateway.md 36)
  Misdirected,      // gateway.md 18
  NoRule,           // no rule of a route on the listener
};

/// What the reference router and the compiled one decide, each in its own way.
struct RoutePick {
  RouteReason reason = RouteReason::NoPort;
  std::optional<std::uint32_t> listener;  // index into RouteTable::listeners
  std::optional<RouteChoice> choice;
  friend auto operator<=>(const RoutePick&, const RoutePick&) = default;
};

}  // namespace weir::ir
