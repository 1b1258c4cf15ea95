#include "compiler/lower/listeners.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/lower/shares.h"

// Test: tests/unit/compiler/lower/listeners_test.cpp.
namespace weir::compiler {
namespace {

using Socket = std::tuple<ir::IpAddress, std::uint16_t, ir::Protocol>;

bool is_stream(const ir::Listener& l) { return l.protocol == ir::ListenerProtocol::Tcp || l.protocol == ir::ListenerProtocol::Udp; }

std::string name_of(const ir::Listener& l) {
  if (!l.set.empty()) return l.gateway_namespace + "/" + l.gateway + "/" + l.set_namespace + "/" + l.set + "/" + l.name;
  return l.gateway_namespace + "/" + l.gateway + "/" + l.name;
}

std::vector<const ir::Route*> routes_of(const ir::RouteTable& table, std::uint32_t listener) {
  std::vector<const ir::Route*> out;
  for (const ir::Route& route : table.routes)
    if (std::binary_search(route.listeners.begin(), route.listeners.end(), listener)) out.push_back(&route);
  return out;
}

/// gateway.md 36: of several TCP or UDP routes the oldest gets all (22 g, h).
const ir::Route* oldest(const ir::RouteTable& table, std::uint32_t listener, std::string_view kind) {
  const ir::Route* best = nullptr;
  const bool split = ir::behaviour(table.dialect).splits_namespace;
  const auto age = [&](const ir::Route& r) {
    return std::tuple(r.created.empty(), r.created, split ? r.namespace_name : r.namespace_name + "/" + r.name,
                      split ? r.name : std::string());
  };
  for (const ir::Route* route : routes_of(table, listener))
    if (route->kind == kind && (best == nullptr || age(*route) < age(*best))) best = route;
  return best;
}

/// Empty, or what of this rule only a proxy can do.
std::string needs_proxy(const ir::RouteRule& rule) {
  if (rule.matches.size() != 1 || rule.matches.front() != ir::RouteMatch{}) return "its rule matches on the request";
  if (!rule.filters.empty()) return "its rule has filters";
  if (rule.request_timeout || rule.backend_timeout) return "its rule has timeouts";
  for (const ir::Backend& backend : rule.backends) {
    if (!backend.filters.empty()) return "a backend has filters";
    if (!backend.tls_invalid.empty()) return "a backend is reached over TLS";
    if (backend.app_protocol == "kubernetes.io/h2c") return "a backend speaks HTTP/2 without TLS";
  }
  return "";
}

/// The only rule of an HTTP listener when the 5-tuple decides, else null and why.
const ir::RouteRule* http_rule(const ir::RouteTable& table, std::uint32_t listener, std::string& why) {
  const auto routes = routes_of(table, listener);
  if (!table.listeners[listener].hostname.empty()) why = "the listener has a hostname";
  else if (routes.empty()) why = "no route is attached, so only a proxy can answer 404";
  else if (routes.size() > 1) why = "several routes are attached";
  else if (routes[0]->kind != "HTTPRoute") why = "a " + routes[0]->kind + " looks at the request";
  else if (!routes[0]->hostnames.empty()) why = "its route has hostnames";
  else if (routes[0]->rules.size() != 1) why = "its route has " + std::to_string(routes[0]->rules.size()) + " rules";
  else why = needs_proxy(routes[0]->rules[0]);
  return why.empty() ? &routes[0]->rules[0] : nullptr;
}

void refuse(ir::TableListener& out, std::string why) {
  out.kind = ir::ListenerKind::Refuse;
  out.reason = std::move(why);
}

void redirect(ir::TableListener& out, std::string why) {
  out.kind = ir::ListenerKind::Redirect;
  out.reason = std::move(why);
}

void balance(const ir::RouteTable& table, const ir::Cluster& cluster, const ir::RouteRule& rule, ir::TableListener& out) {
  std::vector<ir::Backend> backends = rule.backends;
  // gateway.md 31 and 2: Cilium's translator ignores the weight of a single backend.
  const bool http = !rule.matches.empty() && ir::behaviour(table.dialect).ignores_single_weight;
  if (http && backends.size() == 1 && backends[0].weight == 0) backends[0].weight = 1;
  if (backends.empty()) return refuse(out, "its rule has no backendRefs");
  out.backends = shares(backends, cluster, out.protocol, out.address.family);
  const bool served = std::any_of(out.backends.begin(), out.backends.end(), [](const auto& b) { return b.port != 0; });
  if (served) {
    out.kind = ir::ListenerKind::Balance;
    return;
  }
  const bool weighted = !out.backends.empty();
  out.backends.clear();
  refuse(out, weighted ? "no backend has a ready pod of this address family" : "every backend has weight 0");
}

/// A TCP or UDP listener.
void lower_stream(const ir::RouteTable& table, const ir::Cluster& cluster, std::uint32_t listener, ir::TableListener& out) {
  const bool udp = table.listeners[listener].protocol == ir::ListenerProtocol::Udp;
  const ir::Route* route = oldest(table, listener, udp ? "UDPRoute" : "TCPRoute");
  if (route == nullptr || route->rules.empty()) return refuse(out, "no route is attached");
  balance(table, cluster, route->rules.front(), out);
}

void lower_one(const ir::RouteTable& table, const ir::Cluster& cluster, std::uint32_t at, ir::TableListener& out) {
  const ir::Listener& listener = table.listeners[at];
  if (is_stream(listener)) return lower_stream(table, cluster, at, out);
  if (listener.protocol == ir::ListenerProtocol::Tls && listener.tls == ir::TlsMode::Passthrough)
    return redirect(out, "the server name of the handshake decides");
  if (listener.protocol != ir::ListenerProtocol::Http) return redirect(out, "it terminates TLS");
  std::string why;
  const ir::RouteRule* rule = http_rule(table, at, why);
  if (rule == nullptr) return redirect(out, why);
  balance(table, cluster, *rule, out);
}

/// The listeners that share a socket.
void lower_all(const ir::RouteTable& table, const ir::Cluster& cluster, std::vector<std::uint32_t> all, ir::TableListener& out) {
  out.name = name_of(table.listeners[all.front()]);
  const auto unusable = [&](std::uint32_t i) { return !table.listeners[i].usable; };
  all.erase(std::remove_if(all.begin(), all.end(), unusable), all.end());
  if (all.empty()) return refuse(out, "the listener is conflicted or invalid");
  out.name = name_of(table.listeners[all.front()]);
  if (all.size() > 1) return redirect(out, std::to_string(all.size()) + " listeners share the port");
  lower_one(table, cluster, all.front(), out);
}

}  // namespace

std::vector<ir::TableListener> lower_listeners(const ir::RouteTable& table, const ir::Cluster& cluster) {
  std::map<Socket, std::vector<std::uint32_t>> sockets;
  for (std::uint32_t i = 0; i < table.listeners.size(); ++i) {
    const ir::Listener& listener = table.listeners[i];
    const ir::Protocol protocol = listener.protocol == ir::ListenerProtocol::Udp ? ir::Protocol::Udp : ir::Protocol::Tcp;
    for (const ir::IpAddress& address : listener.addresses) sockets[{address, listener.port, protocol}].push_back(i);
  }
  std::vector<ir::TableListener> out;
  for (const auto& [socket, listeners] : sockets) {
    ir::TableListener& listener = out.emplace_back();
    std::tie(listener.address, listener.port, listener.protocol) = socket;
    lower_all(table, cluster, listeners, listener);
  }
  return out;
}

}  // namespace weir::compiler
