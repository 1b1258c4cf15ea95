// Which listener takes a request (gateway.md 1.4). Tested by tests/unit/ir/route_test.cpp.
#include "ir/eval/route_listener.h"

#include <algorithm>

#include "ir/route/hostname.h"

namespace weir::ir {
namespace {

using Numbers = std::vector<std::uint32_t>;

/// The usable listeners of the addressed gateway on the request's port; UDP has a port space of its own (gateway.md 6).
Numbers on_port(const RouteTable& table, const Request& request) {
  Numbers found;
  for (std::uint32_t i = 0; i < table.listeners.size(); ++i) {
    const Listener& listener = table.listeners[i];
    const bool addressed = request.gateway.empty() || (listener.gateway == request.gateway &&
                                                       listener.gateway_namespace == request.gateway_namespace);
    const bool same_space = (listener.protocol == ListenerProtocol::Udp) == (request.scheme == "udp");
    if (addressed && same_space && listener.usable && listener.port == request.port) found.push_back(i);
  }
  return found;
}

/// gRPC comes in the clear, or over TLS where nothing else is listened for.
std::string_view scheme_of(const RouteTable& table, const Numbers& listeners, const Request& request) {
  if (request.scheme != "grpc") return request.scheme;
  const bool clear = std::any_of(listeners.begin(), listeners.end(),
                                 [&](std::uint32_t i) { return table.listeners[i].protocol == ListenerProtocol::Http; });
  return clear ? "http" : "https";
}

bool speaks(ListenerProtocol protocol, std::string_view scheme) {
  switch (protocol) {
    case ListenerProtocol::Http: return scheme == "http";
    case ListenerProtocol::Https: return scheme == "https";
    case ListenerProtocol::Tls: return scheme == "https" || scheme == "tls";
    case ListenerProtocol::Tcp: return scheme == "tcp";
    case ListenerProtocol::Udp: return scheme == "udp";
  }
  return false;
}

/// Item 16: the most specific hostname that takes `name`.
std::optional<std::uint32_t> most_specific(const RouteTable& table, const Numbers& listeners, std::string_view name) {
  std::optional<std::uint32_t> best;
  for (const std::uint32_t i : listeners) {
    const std::string& hostname = table.listeners[i].hostname;
    if (!hostname_matches(hostname, name)) continue;
    if (!best || host_rank(hostname) > host_rank(table.listeners[*best].hostname)) best = i;
  }
  return best;
}

/// The name the client asks the TLS layer for; addresses are never sent as SNI, and colons stand only in those.
std::string server_name(const Request& request) {
  if (request.sni) return lower(*request.sni);
  const std::string host = host_of(request.host);
  const bool address = host.find(':') != std::string::npos ||
                       host.find_first_not_of("0123456789.") == std::string::npos;
  return address ? std::string() : host;
}

/// Item 18: the Host header belongs to another listener than the handshake.
bool misdirected(const RouteTable& table, const Numbers& listeners, const Request& request, std::uint32_t chosen) {
  const auto by_host = most_specific(table, listeners, host_of(request.host));
  return by_host && *by_host != chosen;
}

std::string described(const Listener& listener) {
  std::string text = "listener `" + listener.name + "` of ";
  text += listener.set.empty() ? "Gateway `" + listener.gateway_namespace + "/" + listener.gateway
                               : "ListenerSet `" + listener.set_namespace + "/" + listener.set;
  text += "`, " + std::string(to_text(listener.protocol)) + " port " + std::to_string(listener.port);
  return text + (listener.hostname.empty() ? ", every host" : ", host " + listener.hostname);
}

}  // namespace

bool is_grpc(const Request& request) {
  if (request.scheme == "grpc") return true;
  if (request.method != "POST" || (request.scheme != "http" && request.scheme != "https")) return false;
  return std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
    return lower(header.first) == "content-type" && header.second.starts_with("application/grpc");
  });
}

void respond(RouteDecision& decision, const Request& request, std::uint32_t status, std::uint32_t grpc_status, std::string why) {
  decision.outcome = RouteOutcome::Response;
  decision.status = status;
  if (is_grpc(request)) decision.grpc_status = grpc_status;
  decision.why = std::move(why);
}

void reject(RouteDecision& decision, std::string why) {
  decision.outcome = RouteOutcome::Rejected;
  decision.why = std::move(why);
}

bool choose_listener(const RouteTable& table, const Request& request, RouteDecision& decision) {
  Numbers listeners = on_port(table, request);
  if (listeners.empty()) {
    decision.why = "no usable listener on port " + std::to_string(request.port);
    return false;
  }
  const std::string scheme(scheme_of(table, listeners, request));
  std::erase_if(listeners, [&](std::uint32_t i) { return !speaks(table.listeners[i].protocol, scheme); });
  if (listeners.empty()) return reject(decision, "the listeners on this port speak another protocol"), false;
  const bool http = scheme == "http" || scheme == "https";
  const std::string name = scheme == "http" ? host_of(request.host) : server_name(request);
  decision.listener = http || scheme == "tls" ? most_specific(table, listeners, name) : std::optional(listeners.front());
  // cli.md: a host that no listener takes is a response; a TLS connection that none takes is rejected.
  if (!decision.listener && http)
    return respond(decision, request, 404, 12, "no listener on this port takes the host `" + name + "`"), false;
  if (!decision.listener) return reject(decision, "no listener on this port takes the name `" + name + "`"), false;
  const Listener& listener = table.listeners[*decision.listener];
  decision.story.push_back(described(listener));
  if (!listener.broken.empty())
    return reject(decision, "every handshake with this listener fails (" + listener.broken + ")"), false;
  if (listener.protocol == ListenerProtocol::Https && behaviour(table.dialect).detects_misdirected &&
      misdirected(table, listeners, request, *decision.listener))
    return respond(decision, request, 421, 14, "the Host header belongs to another listener than the TLS handshake"), false;
  return true;
}

}  // namespace weir::ir
