// Which (route, rule, match) takes a request (gateway.md 1.5, 1.8). Tested by tests/unit/ir/route_test.cpp.
#include "ir/eval/route_choice.h"

#include <algorithm>
#include <tuple>

#include "ir/eval/route_listener.h"
#include "ir/route/hostname.h"

namespace weir::ir {
namespace {

/// The most specific hostname of the route that takes `host` on this listener; nullopt when none does (item 13).
std::optional<std::string> matching_hostname(const Listener& listener, const Route& route, std::string_view host) {
  std::vector<std::string> hostnames = route.hostnames;
  if (hostnames.empty()) hostnames.emplace_back();
  std::optional<std::string> best;
  for (const std::string& hostname : hostnames) {
    const auto both = intersect(listener.hostname, hostname);
    if (!both || !hostname_matches(*both, host)) continue;
    if (!best || host_rank(hostname) > host_rank(*best)) best = hostname;
  }
  return best;
}

/// What a route of this kind is asked about: TLSRoute sees the name of the handshake alone, TCPRoute and UDPRoute nothing.
std::optional<std::string> takes_name(const Listener& listener, const Route& route, const Request& request) {
  if (route.kind == "TCPRoute" || route.kind == "UDPRoute") return std::string();
  const bool by_handshake = route.kind == "TLSRoute" && request.sni;
  return matching_hostname(listener, route, by_handshake ? lower(*request.sni) : host_of(request.host));
}

/// gateway.md 8, 35, 36: the kind of route that a request on this listener can meet.
bool meets(const Listener& listener, const Route& route, const Request& request) {
  switch (listener.protocol) {
    case ListenerProtocol::Http:
    case ListenerProtocol::Https: return route.kind == "HTTPRoute" || (route.kind == "GRPCRoute" && is_grpc(request));
    case ListenerProtocol::Tls: return route.kind == "TLSRoute";
    case ListenerProtocol::Tcp: return route.kind == "TCPRoute";
    case ListenerProtocol::Udp: return route.kind == "UDPRoute";
  }
  return false;
}

// Item 22 b, c: the rank of regular expressions is the implementation's choice.
int path_rank(const RouteTable& table, PathKind kind) {
  if (kind == PathKind::Exact) return 2;
  const bool regex = kind == PathKind::Regex;
  return regex != behaviour(table.dialect).regex_last ? 1 : 0;
}

/// Items 22 a to f and 35; greater wins. A GRPCRoute's matches have no path and no method of HTTP, others no service.
auto specificity(const RouteTable& table, const Candidate& candidate) {
  const RouteMatch& match = match_of(table, candidate.choice);
  const GrpcMatch grpc = match.grpc.value_or(GrpcMatch{});
  return std::tuple(host_rank(candidate.hostname), path_rank(table, match.path.kind), match.path.value.size(),
                    !match.method.empty(), grpc.service.size(), grpc.method.size(), match.headers.size(), match.query.size());
}

/// Item 22 g to i; smaller wins.
auto age_and_name(const RouteTable& table, const Candidate& candidate) {
  const Route& route = table.routes[candidate.choice.route];
  const bool split = behaviour(table.dialect).splits_namespace;
  // Item 22 h: the text compares "{namespace}/{name}", Cilium the two fields.
  return std::tuple(route.created.empty(), route.created, split ? route.namespace_name : route.namespace_name + "/" + route.name,
                    split ? route.name : std::string(), route.kind, candidate.choice.rule, candidate.choice.match);
}

}  // namespace

const RouteMatch& match_of(const RouteTable& table, const RouteChoice& choice) {
  return table.routes[choice.route].rules[choice.rule].matches[choice.match];
}

std::vector<Candidate> candidates(const RouteTable& table, std::uint32_t listener, const Request& request) {
  std::vector<Candidate> found;
  for (std::uint32_t r = 0; r < table.routes.size(); ++r) {
    const Route& route = table.routes[r];
    // Item 17: only routes attached to the chosen listener.
    if (!std::binary_search(route.listeners.begin(), route.listeners.end(), listener)) continue;
    if (!meets(table.listeners[listener], route, request)) continue;
    const auto hostname = takes_name(table.listeners[listener], route, request);
    if (!hostname) continue;
    for (std::uint32_t u = 0; u < route.rules.size(); ++u)
      for (std::uint32_t m = 0; m < route.rules[u].matches.size(); ++m)
        if (matches(route.rules[u].matches[m], request)) found.push_back({{r, u, m}, *hostname});
  }
  return found;
}

bool wins(const RouteTable& table, const Candidate& a, const Candidate& b) {
  const auto left = specificity(table, a), right = specificity(table, b);
  if (left != right) return left > right;
  return age_and_name(table, a) < age_and_name(table, b);
}

bool equally_specific(const RouteTable& table, const Candidate& a, const Candidate& b) {
  return specificity(table, a) == specificity(table, b);
}

}  // namespace weir::ir
