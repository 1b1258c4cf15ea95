#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/eval/route.h"

/// What the parts of the reference router share; for ir/eval/route*.cpp alone.
namespace weir::ir::router {

/// A match that takes a request, and the route's hostname by which it does.
struct Candidate {
  RouteChoice choice;
  std::string hostname;  // as the route writes it; empty: it names none
};

[[nodiscard]] inline const GatewayBehaviour& rules_of(const RouteTable& table) { return behaviour(table.dialect); }
[[nodiscard]] inline const RouteRule& rule_of(const RouteTable& table, const RouteChoice& choice) {
  return table.routes[choice.route].rules[choice.rule];
}
[[nodiscard]] inline const RouteMatch& match_of(const RouteTable& table, const RouteChoice& choice) {
  return rule_of(table, choice).matches[choice.match];
}
/// "`shop/web`"
[[nodiscard]] std::string name_of(const Route&);
/// "dialect cilium-1.20: "
[[nodiscard]] std::string by_dialect(const RouteTable&);

// ---- route_listener.cpp: gateway.md 16 to 18

[[nodiscard]] bool speaks_http(const Listener&);
/// The name in the handshake: the SNI that was given, else the host unless it is an address.
[[nodiscard]] std::string server_name(const Request&);
/// Reason Rule: this listener takes the request, and a rule must be found yet.
[[nodiscard]] RoutePick pick_listener(const RouteTable&, const Request&);

// ---- route_choice.cpp: gateway.md 22, 35, 36

/// Every match of a route on the listener that takes the request, in the order of the table.
[[nodiscard]] std::vector<Candidate> candidates(const RouteTable&, std::uint32_t listener, const Request&);
/// The one that wins; null when there is none.
[[nodiscard]] const Candidate* winner(const RouteTable&, const std::vector<Candidate>&);
/// gateway.md 2 "identical matches": the rules whose backends Cilium adds to those of the choice, without it.
[[nodiscard]] std::vector<RouteChoice> joined(const RouteTable&, std::uint32_t listener, const RouteChoice&,
                                              const Request&);

// ---- route_filters.cpp: gateway.md 24 to 28

/// `first` and then `second`, as one edit.
[[nodiscard]] HeaderEdit compose(HeaderEdit first, const HeaderEdit& second);
[[nodiscard]] HeaderList edited(HeaderList headers, const HeaderEdit&);
/// gateway.md 26; `prefix` as the match has it. `by_regex`: as Cilium's expression does it.
[[nodiscard]] std::string replaced_prefix(std::string_view path, std::string_view prefix, std::string_view replacement,
                                          bool by_regex);
/// gateway.md 25.
[[nodiscard]] RedirectTo redirected(const RequestRedirect&, const RouteMatch&, const Listener&, const Request&);
void rewrite(const UrlRewrite&, const RouteMatch&, bool by_regex, Request&);

[[nodiscard]] bool is_preflight(const Request&);
[[nodiscard]] bool origin_allowed(const Cors&, std::string_view origin);
/// What the filter adds to the answer; nothing when the request has no origin or one that is not allowed.
[[nodiscard]] HeaderEdit cors_headers(const Cors&, const Request&);

/// The mirror as the dialect counts it; nullopt when it copies nothing.
[[nodiscard]] std::optional<RequestMirror> effective_mirror(const RequestMirror&, bool whole_percent);

/// What a list of filters does to one request.
struct Filtered {
  Request forwarded;
  HeaderEdit response;
  std::vector<RequestMirror> mirrors;
  std::optional<BrokenFilter> answer;    // the gateway answers by itself
  std::optional<RedirectTo> redirect;
  std::vector<std::string> story, assumptions;
};
/// `asked` is the request as the client sent it, `seen` what earlier filters made of it.
[[nodiscard]] Filtered filtered(const RouteTable&, const RoutePick&, const std::vector<Filter>&, const Request& asked,
                                const Request& seen);

// ---- route_backends.cpp: gateway.md 31, 34

/// Fills the shares, and the outcome when nobody serves.
void distribute(const RouteTable&, const RoutePick&, const Request& asked, const Filtered&, RouteDecision&);
[[nodiscard]] std::optional<std::uint64_t> whole_timeout(const RouteTable&, const RouteRule&, RouteDecision&);

/// The gateway answers by itself; gRPC gets 12 UNIMPLEMENTED for 404 and 14 UNAVAILABLE for the rest (gateway.md 17, 31).
void respond(RouteDecision&, const Request&, std::uint32_t status, std::string why);

}  // namespace weir::ir::router
