#include "ir/tables/router.h"

#include "ir/route/hostname.h"
#include "ir/tables/router_search.h"

namespace weir::ir {
namespace {

/// What a client names in the handshake: never an address.
std::string handshake_name(const Request& request) {
  if (request.sni) return lower(*request.sni);
  std::string host = host_of(request.host);
  const bool letters = host.find_first_not_of("0123456789.") != std::string::npos;
  if (!letters || host.find(':') != std::string::npos) host.clear();
  return host;
}

const HostIndex* names_of(const RouterPort& port, const Request& request) {
  if (request.scheme == "http") return &port.http;
  if (request.scheme == "https") return &port.https;
  if (request.scheme == "tls") return &port.tls;
  if (request.scheme == "grpc") return port.http.empty() ? &port.secure : &port.http;
  return nullptr;
}

}  // namespace

RouteReason Router::at_listener(const Request& request, std::uint32_t number) const {
  const RouterListener& listener = listeners[number];
  if (listener.broken) return RouteReason::NoCertificate;
  if (listener.not_terminated) return RouteReason::NotTerminated;
  if (!detects_misdirected || !listener.https) return RouteReason::Rule;
  // Item 18: the gateway's own listeners alone.
  const RouterPort& port = ports.at(port_key(listener.gateway, false, request.port));
  const auto by_host = (request.scheme == "grpc" ? port.secure : port.https).best(host_of(request.host));
  return by_host && *by_host != number ? RouteReason::Misdirected : RouteReason::Rule;
}

RoutePick Router::pick_listener(const Request& request, std::string& name) const {
  std::uint32_t gateway = 0;
  if (!request.gateway.empty()) {
    const auto same = gateways.find(std::string_view(request.gateway));
    if (same == gateways.end()) return {RouteReason::NoPort, {}, {}};
    for (const auto& [space, number] : same->second)
      if (space == request.gateway_namespace) gateway = number;
    if (gateway == 0) return {RouteReason::NoPort, {}, {}};
  }
  const auto port = ports.find(port_key(gateway, request.scheme == "udp", request.port));
  if (port == ports.end()) return {RouteReason::NoPort, {}, {}};
  const HostIndex* names = names_of(port->second, request);
  std::optional<std::uint32_t> chosen = port->second.connection;
  if (names == nullptr ? !chosen : names->empty()) return {RouteReason::WrongProtocol, {}, {}};
  if (names != nullptr) {
    name = names == &port->second.http ? host_of(request.host) : handshake_name(request);
    chosen = names->best(name);
    const bool http = names == &port->second.http || (names != &port->second.tls && !port->second.secure.empty());
    if (!chosen) return {http ? RouteReason::NoHost : RouteReason::NoName, {}, {}};
  }
  return {at_listener(request, *chosen), chosen, {}};
}

RoutePick Router::pick(const Request& request) const {
  std::string name;
  RoutePick out = pick_listener(request, name);
  if (out.reason != RouteReason::Rule) return out;
  const RouterListener& listener = listeners[*out.listener];
  if (!listener.http && !listener.tls) {
    out.choice = listener.always;
  } else {
    if (listener.https) name = host_of(request.host);
    AskedRequest asked(*this, request);
    // A host that the listener does not take has no routes there (item 13).
    if (hostname_matches(listener.hostname, name))
      listener.hosts.walk(name, [&](std::uint32_t number) {
        const RouteClass& hosts = classes[number];
        const RouteEntry* entry = listener.tls ? &hosts.entries.front() : find_entry(*this, hosts, asked);
        if (entry != nullptr) out.choice = entry->choice;
        return entry != nullptr;
      });
  }
  if (!out.choice) out.reason = RouteReason::NoRule;
  return out;
}

}  // namespace weir::ir
