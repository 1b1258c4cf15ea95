// Which rule takes a request (gateway.md 22, 35, 36). Tested by tests/unit/ir/route_test.cpp.
#include <algorithm>
#include <set>
#include <tuple>

#include "ir/eval/route_parts.h"
#include "ir/route/hostname.h"

namespace weir::ir::router {
namespace {

/// gateway.md 8: which kinds a listener serves.
bool serves(const Listener& listener, const Route& route) {
  switch (listener.protocol) {
    case ListenerProtocol::Http:
    case ListenerProtocol::Https: return route.kind == "HTTPRoute" || route.kind == "GRPCRoute";
    case ListenerProtocol::Tls: return route.kind == "TLSRoute";
    case ListenerProtocol::Tcp: return route.kind == "TCPRoute";
    case ListenerProtocol::Udp: return route.kind == "UDPRoute";
  }
  return false;
}

/// Item 17: only routes attached to the chosen listener.
bool on_listener(const RouteTable& table, const Route& route, std::uint32_t listener) {
  return std::binary_search(route.listeners.begin(), route.listeners.end(), listener) &&
         serves(table.listeners[listener], route);
}

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

/// The name that is compared with hostnames: TLS shows only the one of the handshake; TCP and UDP have none (36).
std::string asked_name(const Listener& listener, const Request& request) {
  if (speaks_http(listener)) return host_of(request.host);
  return listener.protocol == ListenerProtocol::Tls ? server_name(request) : std::string();
}

/// gateway.md 36: TLS, TCP and UDP see no request.
bool takes(const Route& route, const RouteMatch& match, const Request& request) {
  if (route.kind == "GRPCRoute") return is_grpc(request) && matches(match, request);
  return route.kind != "HTTPRoute" || matches(match, request);
}

// Item 22 b, c: the rank of regular expressions is the implementation's choice.
std::size_t path_rank(PathKind kind, bool regex_last) {
  if (kind == PathKind::Exact) return 2;
  return (kind == PathKind::Regex) != regex_last ? 1 : 0;
}

// Item 21: entries with a name that was there before do not count.
std::size_t count(const std::vector<ValueMatch>& entries) {
  std::set<std::string> names;
  for (const ValueMatch& entry : entries) names.insert(entry.name);
  return names.size();
}

/// Item 22 a to f, and 35 for GRPCRoute; greater wins. Where both kinds meet, which item 14 keeps from happening, the GRPCRoute
/// is the more specific one.
auto specificity(const RouteTable& table, const Candidate& candidate) {
  const GatewayBehaviour& rules = rules_of(table);
  const RouteMatch& match = match_of(table, candidate.choice);
  const bool grpc = table.routes[candidate.choice.route].kind == "GRPCRoute";
  const std::size_t headers = count(match.headers);
  if (grpc) {
    const GrpcMatch method = match.grpc.value_or(GrpcMatch{});
    return std::tuple(host_rank(candidate.hostname), true, method.service.size(), method.method.size(), false, headers,
                      std::size_t{0});
  }
  const std::size_t rank = path_rank(match.path.kind, rules.regex_last);
  // Two Exact paths that take one request are equal, so their lengths decide nothing (2 "sort").
  return std::tuple(host_rank(candidate.hostname), false, rank, match.path.value.size(), !match.method.empty(), headers,
                    count(match.query));
}

/// Item 22 g to i; smaller wins.
auto age_and_name(const RouteTable& table, const Candidate& candidate) {
  const Route& route = table.routes[candidate.choice.route];
  const bool split = rules_of(table).splits_namespace;
  // Item 22 h: the text compares "{namespace}/{name}", Cilium the two fields.
  return std::tuple(route.created.empty(), route.created,
                    split ? route.namespace_name : route.namespace_name + "/" + route.name,
                    split ? route.name : std::string(), candidate.choice.rule, candidate.choice.match, candidate.choice.route);
}

bool wins(const RouteTable& table, const Candidate& a, const Candidate& b) {
  // Item 36: of TCP and UDP routes the oldest gets all; their hostnames, if any, say nothing.
  const std::string& kind = table.routes[a.choice.route].kind;
  const bool by_age = kind == "TCPRoute" || kind == "UDPRoute";
  const auto left = specificity(table, a), right = specificity(table, b);
  if (!by_age && left != right) return left > right;
  return age_and_name(table, a) < age_and_name(table, b);
}

/// The parts of a match without their order.
RouteMatch sorted(RouteMatch match) {
  std::sort(match.headers.begin(), match.headers.end());
  std::sort(match.query.begin(), match.query.end());
  return match;
}

std::string rank_text(bool regex_last) {
  return std::string("a regular expression path ranks ") + (regex_last ? "behind" : "between Exact and") +
         " PathPrefix; the Gateway API leaves this to the implementation";
}

}  // namespace

std::vector<Candidate> candidates(const RouteTable& table, std::uint32_t listener, const Request& request) {
  const std::string name = asked_name(table.listeners[listener], request);
  const bool names = speaks_http(table.listeners[listener]) || table.listeners[listener].protocol == ListenerProtocol::Tls;
  std::vector<Candidate> found;
  for (std::uint32_t r = 0; r < table.routes.size(); ++r) {
    const Route& route = table.routes[r];
    if (!on_listener(table, route, listener)) continue;
    const auto hostname = names ? matching_hostname(table.listeners[listener], route, name) : std::string();
    if (!hostname) continue;
    for (std::uint32_t u = 0; u < route.rules.size(); ++u)
      for (std::uint32_t m = 0; m < route.rules[u].matches.size(); ++m)
        if (takes(route, route.rules[u].matches[m], request)) found.push_back({{r, u, m}, *hostname});
  }
  return found;
}

const Candidate* winner(const RouteTable& table, const std::vector<Candidate>& all) {
  const auto best = std::min_element(all.begin(), all.end(),
                                     [&](const Candidate& a, const Candidate& b) { return wins(table, a, b); });
  return best == all.end() ? nullptr : &*best;
}

std::vector<RouteChoice> joined(const RouteTable& table, std::uint32_t listener, const RouteChoice& choice,
                                const Request& request) {
  const GatewayBehaviour& rules = rules_of(table);
  const Route& route = table.routes[choice.route];
  std::vector<RouteChoice> found;
  // Only what becomes an HTTP route of Envoy is joined.
  if (!speaks_http(table.listeners[listener])) return found;
  const std::string host = host_of(request.host);
  const auto hostname = matching_hostname(table.listeners[listener], route, host);
  const RouteMatch wanted = sorted(match_of(table, choice));
  for (std::uint32_t r = 0; r < table.routes.size(); ++r) {
    const Route& other = table.routes[r];
    const bool joins = r == choice.route ? rules.joins_rules_of_a_route : rules.joins_rules_across_routes;
    if (!joins || other.kind != route.kind || !on_listener(table, other, listener)) continue;
    if (matching_hostname(table.listeners[listener], other, host) != hostname) continue;
    for (std::uint32_t u = 0; u < other.rules.size(); ++u) {
      if (r == choice.route && u == choice.rule) continue;
      const auto& matches = other.rules[u].matches;
      const auto same = std::find_if(matches.begin(), matches.end(), [&](const auto& m) { return sorted(m) == wanted; });
      if (same != matches.end()) found.push_back({r, u, static_cast<std::uint32_t>(same - matches.begin())});
    }
  }
  return found;
}

std::string name_of(const Route& route) { return "`" + route.namespace_name + "/" + route.name + "`"; }

}  // namespace weir::ir::router

namespace weir::ir {

using namespace router;

RoutePick pick(const RouteTable& table, const Request& request) {
  RoutePick out = pick_listener(table, request);
  if (out.reason != RouteReason::Rule) return out;
  const std::vector<Candidate> all = candidates(table, *out.listener, request);
  const Candidate* best = winner(table, all);
  if (best == nullptr) return {RouteReason::NoRule, out.listener, {}};
  out.choice = best->choice;
  return out;
}

std::vector<std::string> explain(const RouteTable& table, const RoutePick& pick, const Request& request) {
  std::vector<std::string> out;
  if (!pick.choice) return out;
  const std::vector<Candidate> all = candidates(table, *pick.listener, request);
  const auto best = std::find_if(all.begin(), all.end(), [&](const Candidate& c) { return c.choice == *pick.choice; });
  if (best == all.end()) return out;
  const Route& winner = table.routes[best->choice.route];
  bool regex = false, prefix = false;
  for (const Candidate& other : all) {
    const Route& route = table.routes[other.choice.route];
    const PathKind kind = match_of(table, other.choice).path.kind;
    regex = regex || (route.kind == "HTTPRoute" && kind == PathKind::Regex);
    prefix = prefix || (route.kind == "HTTPRoute" && kind == PathKind::Prefix);
    const bool tie = other.choice.route != best->choice.route && specificity(table, other) == specificity(table, *best);
    if (tie && winner.created == route.created)
      out.push_back("tie decided by name: " + name_of(winner) + " comes before " + name_of(route) +
                    ", and their creationTimestamps do not tell them apart");
  }
  if (regex && prefix) out.push_back(rank_text(rules_of(table).regex_last));
  return out;
}

}  // namespace weir::ir
