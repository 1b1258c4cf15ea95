#include "compiler/lower/router.h"

#include <algorithm>
#include <map>

#include "compiler/lower/router_parts.h"

namespace weir::compiler {
namespace {

using ir::ListenerProtocol;

/// gateway.md 8.
bool serves(ListenerProtocol protocol, const std::string& kind) {
  switch (protocol) {
    case ListenerProtocol::Http:
    case ListenerProtocol::Https: return kind == "HTTPRoute" || kind == "GRPCRoute";
    case ListenerProtocol::Tls: return kind == "TLSRoute";
    case ListenerProtocol::Tcp: return kind == "TCPRoute";
    case ListenerProtocol::Udp: return kind == "UDPRoute";
  }
  return false;
}

std::uint32_t gateway_number(ir::Router& router, const ir::Listener& listener, std::uint32_t& next) {
  auto& same = router.gateways[listener.gateway];
  for (const auto& [space, number] : same)
    if (space == listener.gateway_namespace) return number;
  same.emplace_back(listener.gateway_namespace, ++next);
  return next;
}

void add_to_port(ir::RouterPort& port, const ir::Listener& listener, std::uint32_t number) {
  switch (listener.protocol) {
    case ListenerProtocol::Http: return port.http.add(listener.hostname, number);
    case ListenerProtocol::Https:
      port.https.add(listener.hostname, number);
      return port.secure.add(listener.hostname, number);
    case ListenerProtocol::Tls:
      port.https.add(listener.hostname, number);
      return port.tls.add(listener.hostname, number);
    case ListenerProtocol::Tcp:
    case ListenerProtocol::Udp:
      if (!port.connection) port.connection = number;
  }
}

void add_listeners(const ir::RouteTable& table, ir::Router& router) {
  const ir::GatewayBehaviour& rules = ir::behaviour(table.dialect);
  std::uint32_t gateways = 0;
  for (std::uint32_t i = 0; i < table.listeners.size(); ++i) {
    const ir::Listener& listener = table.listeners[i];
    ir::RouterListener out;
    out.broken = !listener.broken.empty();
    out.tls = listener.protocol == ListenerProtocol::Tls;
    out.not_terminated = out.tls && listener.tls == ir::TlsMode::Terminate && !rules.tls_route_terminate;
    out.https = listener.protocol == ListenerProtocol::Https;
    out.http = out.https || listener.protocol == ListenerProtocol::Http;
    out.hostname = listener.hostname;
    out.gateway = gateway_number(router, listener, gateways);
    if (listener.usable)
      for (const std::uint32_t gateway : {0u, out.gateway})
        add_to_port(router.ports[ir::Router::port_key(gateway, listener.protocol == ListenerProtocol::Udp, listener.port)], listener, i);
    router.listeners.push_back(std::move(out));
  }
}

/// The matches of every host name that a route of the listener writes.
std::map<std::string, std::vector<router::Ranked>> hosts_of(const ir::RouteTable& table, const std::vector<std::vector<router::Ranked>>& matches,
                                                            std::uint32_t listener) {
  std::map<std::string, std::vector<router::Ranked>> hosts;
  for (std::uint32_t r = 0; r < table.routes.size(); ++r) {
    const ir::Route& route = table.routes[r];
    const bool here = std::binary_search(route.listeners.begin(), route.listeners.end(), listener);
    if (!here || !serves(table.listeners[listener].protocol, route.kind) || matches[r].empty()) continue;
    std::vector<std::string> names = route.hostnames;
    const ListenerProtocol protocol = table.listeners[listener].protocol;
    if (names.empty() || protocol == ListenerProtocol::Tcp || protocol == ListenerProtocol::Udp) names = {""};
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string& name : names) hosts[name].insert(hosts[name].end(), matches[r].begin(), matches[r].end());
  }
  return hosts;
}

std::uint64_t length_bits(const ir::TextMap<std::uint32_t>& names) {
  std::uint64_t bits = 0;
  for (const auto& [name, number] : names) bits |= std::uint64_t{1} << std::min<std::size_t>(name.size(), 63);
  return bits;
}

}  // namespace

ir::Router compile_router(const ir::RouteTable& table) {
  ir::Router out;
  out.detects_misdirected = ir::behaviour(table.dialect).detects_misdirected;
  add_listeners(table, out);
  std::vector<std::vector<router::Ranked>> matches;
  for (std::uint32_t r = 0; r < table.routes.size(); ++r) matches.push_back(router::ranked(table, r));
  router::PatternList patterns;
  router::ClassBuilder classes(table, out, patterns);
  for (std::uint32_t i = 0; i < table.listeners.size(); ++i) {
    ir::RouterListener& listener = out.listeners[i];
    for (auto& [name, list] : hosts_of(table, matches, i)) {
      if (listener.http || listener.tls) listener.hosts.add(name, classes.add(std::move(list)));
      else listener.always = std::min_element(list.begin(), list.end(), router::older)->choice;
    }
  }
  out.header_lengths = length_bits(out.headers);
  out.patterns = patterns.done();
  return out;
}

}  // namespace weir::compiler
