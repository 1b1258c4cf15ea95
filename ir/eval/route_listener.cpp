// Which listener takes a request (gateway.md 16 to 18). Tested by tests/unit/ir/route_test.cpp.
#include <algorithm>

#include "ir/eval/route_parts.h"
#include "ir/route/hostname.h"

namespace weir::ir::router {
namespace {

using Listeners = std::vector<std::uint32_t>;

/// gRPC is HTTP, with or without TLS.
std::vector<ListenerProtocol> protocols_of(std::string_view scheme) {
  if (scheme == "http") return {ListenerProtocol::Http};
  if (scheme == "https") return {ListenerProtocol::Https, ListenerProtocol::Tls};
  if (scheme == "grpc") return {ListenerProtocol::Http, ListenerProtocol::Https};
  if (scheme == "tls") return {ListenerProtocol::Tls};
  if (scheme == "udp") return {ListenerProtocol::Udp};
  return {ListenerProtocol::Tcp};
}

/// The usable listeners of the addressed gateway on the request's port; UDP has a port space of its own (gateway.md 6).
Listeners on_port(const RouteTable& table, const Request& request) {
  Listeners found;
  for (std::uint32_t i = 0; i < table.listeners.size(); ++i) {
    const Listener& listener = table.listeners[i];
    const bool addressed = request.gateway.empty() || (listener.gateway == request.gateway &&
                                                       listener.gateway_namespace == request.gateway_namespace);
    const bool same_space = (listener.protocol == ListenerProtocol::Udp) == (request.scheme == "udp");
    if (addressed && same_space && listener.usable && listener.port == request.port) found.push_back(i);
  }
  return found;
}

/// Item 16: the most specific hostname that takes `name`.
std::optional<std::uint32_t> most_specific(const RouteTable& table, const Listeners& listeners, std::string_view name) {
  std::optional<std::uint32_t> best;
  for (const std::uint32_t i : listeners) {
    const std::string& hostname = table.listeners[i].hostname;
    if (!hostname_matches(hostname, name)) continue;
    if (!best || host_rank(hostname) > host_rank(table.listeners[*best].hostname)) best = i;
  }
  return best;
}

bool any_speaks(const RouteTable& table, const Listeners& listeners, ListenerProtocol protocol) {
  return std::any_of(listeners.begin(), listeners.end(),
                     [&](std::uint32_t i) { return table.listeners[i].protocol == protocol; });
}

/// Item 18: the Host header belongs to another listener of this gateway than the handshake.
bool misdirected(const RouteTable& table, Listeners listeners, const Request& request, std::uint32_t chosen) {
  const Listener& own = table.listeners[chosen];
  std::erase_if(listeners, [&](std::uint32_t i) {
    const Listener& other = table.listeners[i];
    return other.gateway != own.gateway || other.gateway_namespace != own.gateway_namespace;
  });
  const auto by_host = most_specific(table, listeners, host_of(request.host));
  return by_host && *by_host != chosen;
}

/// What stands in the way on a listener that takes the name.
RouteReason at_listener(const RouteTable& table, const Listeners& listeners, const Request& request, std::uint32_t chosen) {
  const Listener& listener = table.listeners[chosen];
  if (!listener.broken.empty()) return RouteReason::NoCertificate;
  const bool ended = listener.protocol == ListenerProtocol::Tls && listener.tls == TlsMode::Terminate;
  if (ended && !rules_of(table).tls_route_terminate) return RouteReason::NotTerminated;
  const bool detects = listener.protocol == ListenerProtocol::Https && rules_of(table).detects_misdirected;
  if (detects && misdirected(table, listeners, request, chosen)) return RouteReason::Misdirected;
  return RouteReason::Rule;
}

}  // namespace

bool speaks_http(const Listener& listener) {
  return listener.protocol == ListenerProtocol::Http || listener.protocol == ListenerProtocol::Https;
}

std::string server_name(const Request& request) {
  if (request.sni) return lower(*request.sni);
  // Addresses are never sent as SNI, and colons stand only in those.
  const std::string host = host_of(request.host);
  const bool address = host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
  return address ? std::string() : host;
}

RoutePick pick_listener(const RouteTable& table, const Request& request) {
  Listeners listeners = on_port(table, request);
  if (listeners.empty()) return {RouteReason::NoPort, {}, {}};
  const auto protocols = protocols_of(request.scheme);
  std::erase_if(listeners, [&](std::uint32_t i) {
    return std::find(protocols.begin(), protocols.end(), table.listeners[i].protocol) == protocols.end();
  });
  if (listeners.empty()) return {RouteReason::WrongProtocol, {}, {}};
  const bool by_name = request.scheme == "http" || request.scheme == "https" || request.scheme == "grpc" || request.scheme == "tls";
  if (!by_name) return {at_listener(table, listeners, request, listeners.front()), listeners.front(), {}};
  // gRPC without a word about TLS takes the plain listener where there is one.
  const bool plain = any_speaks(table, listeners, ListenerProtocol::Http);
  if (plain) std::erase_if(listeners, [&](std::uint32_t i) { return table.listeners[i].protocol != ListenerProtocol::Http; });
  const auto chosen = most_specific(table, listeners, plain ? host_of(request.host) : server_name(request));
  // Item 17: a host that no listener takes is 404; where nobody speaks HTTP the connection is refused.
  const bool http = plain || any_speaks(table, listeners, ListenerProtocol::Https);
  if (!chosen) return {http ? RouteReason::NoHost : RouteReason::NoName, {}, {}};
  return {at_listener(table, listeners, request, *chosen), chosen, {}};
}

}  // namespace weir::ir::router
