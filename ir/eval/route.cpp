// The reference meaning of routing, written to be read beside gateway.md 1.4 to 1.7. Tested by
// tests/unit/ir/route_test.cpp and by the request tables of tests/corpus.
#include "ir/eval/route.h"

#include <algorithm>
#include <tuple>

#include "ir/route/hostname.h"

namespace weir::ir {
namespace {

const GatewayBehaviour& rules_of(const RouteTable& table) { return behaviour(table.dialect); }

void assume(RouteDecision& decision, std::string text) { decision.assumptions.push_back(std::move(text)); }

// ---- gateway.md 16, 17: which listener

std::vector<ListenerProtocol> protocols_of(std::string_view scheme) {
  if (scheme == "http") return {ListenerProtocol::Http};
  if (scheme == "https") return {ListenerProtocol::Https, ListenerProtocol::Tls};
  if (scheme == "tls") return {ListenerProtocol::Tls};
  if (scheme == "udp") return {ListenerProtocol::Udp};
  return {ListenerProtocol::Tcp};
}

bool one_of(const std::vector<ListenerProtocol>& list, ListenerProtocol protocol) {
  return std::find(list.begin(), list.end(), protocol) != list.end();
}

/// The usable listeners of the addressed gateway on the request's port; UDP has a port space of its own (gateway.md 6).
std::vector<std::uint32_t> on_port(const RouteTable& table, const Request& request) {
  std::vector<std::uint32_t> found;
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
std::optional<std::uint32_t> most_specific(const RouteTable& table, const std::vector<std::uint32_t>& listeners,
                                           std::string_view name) {
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

// ---- gateway.md 22: which (route, rule, match)

struct Candidate {
  RouteChoice choice;
  std::string hostname;  // the matching hostname of the route, as written there; empty: it names none
};

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

std::vector<Candidate> candidates(const RouteTable& table, std::uint32_t listener, const Request& request) {
  const std::string host = host_of(request.host);
  std::vector<Candidate> found;
  for (std::uint32_t r = 0; r < table.routes.size(); ++r) {
    const Route& route = table.routes[r];
    // Item 17: only routes attached to the chosen listener.
    if (!std::binary_search(route.listeners.begin(), route.listeners.end(), listener)) continue;
    const auto hostname = matching_hostname(table.listeners[listener], route, host);
    if (!hostname) continue;
    for (std::uint32_t u = 0; u < route.rules.size(); ++u)
      for (std::uint32_t m = 0; m < route.rules[u].matches.size(); ++m)
        if (matches(route.rules[u].matches[m], request)) found.push_back({{r, u, m}, *hostname});
  }
  return found;
}

const RouteMatch& match_of(const RouteTable& table, const RouteChoice& choice) {
  return table.routes[choice.route].rules[choice.rule].matches[choice.match];
}

// Item 22 b, c: the rank of regular expressions is the implementation's choice; here as Cilium has it.
int path_rank(PathKind kind) { return kind == PathKind::Exact ? 2 : kind == PathKind::Regex ? 1 : 0; }

/// Item 22 a to f; greater wins.
auto specificity(const RouteTable& table, const Candidate& candidate) {
  const RouteMatch& match = match_of(table, candidate.choice);
  return std::tuple(host_rank(candidate.hostname), path_rank(match.path.kind), match.path.value.size(),
                    !match.method.empty(), match.headers.size(), match.query.size());
}

/// Item 22 g to i; smaller wins.
auto age_and_name(const RouteTable& table, const Candidate& candidate) {
  const Route& route = table.routes[candidate.choice.route];
  const bool split = rules_of(table).splits_namespace;
  // Item 22 h: the text compares "{namespace}/{name}", Cilium the two fields.
  return std::tuple(route.created.empty(), route.created,
                    split ? route.namespace_name : route.namespace_name + "/" + route.name,
                    split ? route.name : std::string(), candidate.choice.rule, candidate.choice.match);
}

bool wins(const RouteTable& table, const Candidate& a, const Candidate& b) {
  const auto left = specificity(table, a), right = specificity(table, b);
  if (left != right) return left > right;
  return age_and_name(table, a) < age_and_name(table, b);
}

std::string route_name(const Route& route) { return "`" + route.namespace_name + "/" + route.name + "`"; }

/// What the choice rests on beside the text of the API.
void explain_choice(const RouteTable& table, const std::vector<Candidate>& all, const Candidate& best,
                    RouteDecision& decision) {
  const Route& winner = table.routes[best.choice.route];
  bool regex = false, prefix = false;
  for (const Candidate& other : all) {
    const PathKind kind = match_of(table, other.choice).path.kind;
    regex = regex || kind == PathKind::Regex;
    prefix = prefix || kind == PathKind::Prefix;
    const Route& route = table.routes[other.choice.route];
    const bool tie = other.choice.route != best.choice.route && specificity(table, other) == specificity(table, best);
    if (tie && winner.created == route.created)
      assume(decision, "tie decided by name: " + route_name(winner) + " comes before " + route_name(route) +
                           ", and their creationTimestamps do not tell them apart");
  }
  if (regex && prefix)
    assume(decision, "a regular expression path ranks between Exact and PathPrefix; the Gateway API leaves this to the "
                     "implementation");
}

// ---- gateway.md 31: which backends

/// gateway.md 2 "identical matches": Cilium joins the backends of rules with the same match and host into one cluster;
/// inside one route only before 1.20.
bool joined_by_cilium(const RouteTable& table, const Candidate& best, const Candidate& other) {
  if (other.hostname != best.hostname) return false;
  const bool same_route = other.choice.route == best.choice.route;
  if (same_route && other.choice.rule == best.choice.rule) return false;
  if (!(same_route ? rules_of(table).joins_rules_of_a_route : rules_of(table).joins_rules_across_routes)) return false;
  const auto key = [](RouteMatch match) {
    std::sort(match.headers.begin(), match.headers.end());
    std::sort(match.query.begin(), match.query.end());
    return match;
  };
  return key(match_of(table, best.choice)) == key(match_of(table, other.choice));
}

std::vector<Backend> backends_of(const RouteTable& table, const std::vector<Candidate>& all, const Candidate& best,
                                 RouteDecision& decision) {
  std::vector<Backend> backends = table.routes[best.choice.route].rules[best.choice.rule].backends;
  for (const Candidate& other : all) {
    if (other.choice == best.choice || !joined_by_cilium(table, best, other)) continue;
    const Route& route = table.routes[other.choice.route];
    const auto& more = route.rules[other.choice.rule].backends;
    backends.insert(backends.end(), more.begin(), more.end());
    assume(decision, "dialect " + std::string(to_text(table.dialect)) + ": " + route_name(route) + " rule " +
                         std::to_string(other.choice.rule) + " has the same match, so its backends take a share; by " +
                         "the Gateway API they would get nothing");
  }
  return backends;
}

/// Item 31: an invalid reference is answered with 500, a Service without ready endpoints with 503.
std::uint32_t failure_status(const Backend& backend) {
  if (!backend.invalid.empty()) return 500;
  return backend.endpoints_known && backend.pods.empty() ? 503 : 0;
}

void respond(RouteDecision& decision, std::uint32_t status, std::string why) {
  decision.outcome = RouteOutcome::Response;
  decision.status = status;
  decision.why = std::move(why);
}

void distribute(const RouteTable& table, std::vector<Backend> backends, RouteDecision& decision) {
  // Item 31: "a single backend with weight 0" is ignored by Cilium's translator.
  if (rules_of(table).ignores_single_weight && backends.size() == 1 && backends.front().weight == 0) {
    backends.front().weight = 1;
    assume(decision, "dialect " + std::string(to_text(table.dialect)) + ": weight 0 is ignored when a rule has one backend");
  }
  double total = 0;
  for (const Backend& backend : backends) total += backend.weight;
  if (backends.empty()) return respond(decision, 500, "the rule has no backendRefs");
  if (total == 0) return respond(decision, 503, "every backend of the rule has weight 0");
  bool served = false;
  for (Backend& backend : backends) {
    if (backend.weight == 0) continue;
    const double share = backend.weight / total;
    const std::uint32_t status = failure_status(backend);
    served = served || status == 0;
    if (!backend.endpoints_known)
      assume(decision, "the endpoints of `" + backend.namespace_name + "/" + backend.service +
                           "` are not known: the Service has no selector");
    BackendShare one;
    one.backend = std::move(backend);
    one.share = share;
    one.status = status;
    decision.backends.push_back(std::move(one));
  }
  decision.outcome = RouteOutcome::Backends;
  if (!served) respond(decision, decision.backends.front().status, "no backend of the rule can serve");
}

void choose_route(const RouteTable& table, const Request& request, RouteDecision& decision) {
  const std::vector<Candidate> all = candidates(table, *decision.listener, request);
  if (all.empty()) return respond(decision, 404, "no rule of a route on this listener matches");
  const Candidate& best = *std::min_element(
      all.begin(), all.end(), [&](const Candidate& a, const Candidate& b) { return wins(table, a, b); });
  decision.choice = best.choice;
  explain_choice(table, all, best, decision);
  distribute(table, backends_of(table, all, best, decision), decision);
}

/// Item 18, which Cilium does not have: the Host header belongs to another listener than the handshake.
bool misdirected(const RouteTable& table, const std::vector<std::uint32_t>& listeners, const Request& request,
                 std::uint32_t chosen) {
  const auto by_host = most_specific(table, listeners, host_of(request.host));
  return by_host && *by_host != chosen;
}

void reject(RouteDecision& decision, std::string why) {
  decision.outcome = RouteOutcome::Rejected;
  decision.why = std::move(why);
}

void choose_listener(const RouteTable& table, const Request& request, RouteDecision& decision) {
  std::vector<std::uint32_t> listeners = on_port(table, request);
  if (listeners.empty()) {
    decision.why = "no usable listener on port " + std::to_string(request.port);
    return;
  }
  const auto protocols = protocols_of(request.scheme);
  std::erase_if(listeners, [&](std::uint32_t i) { return !one_of(protocols, table.listeners[i].protocol); });
  if (listeners.empty()) return reject(decision, "the listeners on this port speak another protocol");
  const bool http = request.scheme == "http" || request.scheme == "https";
  const std::string name = request.scheme == "http" ? host_of(request.host) : server_name(request);
  const bool by_name = http || request.scheme == "tls";
  decision.listener = by_name ? most_specific(table, listeners, name) : std::optional(listeners.front());
  if (!decision.listener && http) return respond(decision, 404, "no listener on this port takes the host `" + name + "`");
  if (!decision.listener) return reject(decision, "no listener on this port takes the name `" + name + "`");
  const ListenerProtocol protocol = table.listeners[*decision.listener].protocol;
  // TLSRoute, TCPRoute and UDPRoute are refused when they are read: nothing is attached here.
  if (protocol != ListenerProtocol::Http && protocol != ListenerProtocol::Https)
    return reject(decision, "no route is attached to this " + std::string(to_text(protocol)) + " listener");
  if (rules_of(table).detects_misdirected && request.scheme == "https" && misdirected(table, listeners, request, *decision.listener))
    return respond(decision, 421, "the Host header belongs to another listener than the TLS handshake");
  choose_route(table, request, decision);
}

}  // namespace

std::string_view to_text(RouteOutcome outcome) {
  switch (outcome) {
    case RouteOutcome::Backends: return "backends";
    case RouteOutcome::Redirect: return "redirect";
    case RouteOutcome::Response: return "response";
    case RouteOutcome::Rejected: return "rejected";
    case RouteOutcome::NoListener: return "no-listener";
  }
  return "no-listener";
}

RouteDecision route(const RouteTable& table, const Request& request) {
  RouteDecision decision;
  choose_listener(table, request, decision);
  std::sort(decision.assumptions.begin(), decision.assumptions.end());
  decision.assumptions.erase(std::unique(decision.assumptions.begin(), decision.assumptions.end()),
                             decision.assumptions.end());
  return decision;
}

}  // namespace weir::ir
