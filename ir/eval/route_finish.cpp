// From the rule that was chosen to what the client meets (gateway.md 1.6, 1.7). Tested by tests/unit/ir/route_test.cpp and
// route_filters_test.cpp.
#include "ir/eval/route_finish.h"

#include <algorithm>
#include <cmath>

#include "ir/eval/route_choice.h"
#include "ir/eval/route_filters.h"
#include "ir/eval/route_listener.h"

namespace weir::ir {
namespace {

std::string route_name(const Route& route) { return "`" + route.namespace_name + "/" + route.name + "`"; }

void append(const HeaderEdit& edit, HeaderEdit& into) {
  into.set.insert(into.set.end(), edit.set.begin(), edit.set.end());
  into.add.insert(into.add.end(), edit.add.begin(), edit.add.end());
  into.remove.insert(into.remove.end(), edit.remove.begin(), edit.remove.end());
}

/// What the filters of a rule or of a backend do to a request on its way.
struct Passage {
  Request request;
  HeaderEdit response;
  std::vector<RequestMirror> mirrors;
  std::vector<std::string> story;
};

class Filters {
 public:
  Filters(const RouteTable& table, const RouteMatch& match, const Listener& listener, const Request& asked, RouteDecision& decision)
      : behaviour_(behaviour(table.dialect)), prefix_(match.path.value), port_(listener.port), asked_(asked), decision_(decision) {}

  /// False: the gateway answered by itself.
  bool run(const std::vector<Filter>& filters, Passage& passage) {
    return std::all_of(filters.begin(), filters.end(), [&](const Filter& filter) {
      return std::visit([&](const auto& one) { return step(one, passage); }, filter);
    });
  }

 private:
  bool step(const RequestHeaders& filter, Passage& passage) {
    apply(filter.edit, passage.request.headers);
    return tell(passage, "filter: the request's headers are changed");
  }
  bool step(const ResponseHeaders& filter, Passage& passage) {
    append(filter.edit, passage.response);
    return tell(passage, "filter: the answer's headers are changed");
  }
  bool step(const RequestRedirect& filter, Passage& passage) {
    // Item 25: what the filter does not name is the request's own, as the client sent it.
    decision_.redirect = redirect_of(filter, asked_, prefix_, port_, behaviour_);
    decision_.outcome = RouteOutcome::Redirect;
    decision_.status = filter.status;
    decision_.response = passage.response;
    return !tell(passage, "filter: redirect to " + decision_.redirect->location);
  }
  bool step(const UrlRewrite& filter, Passage& passage) {
    if (filter.hostname) passage.request.host = *filter.hostname;
    if (filter.path) passage.request.path = edited_path(*filter.path, prefix_, asked_.path, behaviour_);
    return tell(passage, "filter: rewritten to " + passage.request.host + path_and_query(passage.request));
  }
  bool step(const RequestMirror& filter, Passage& passage) {
    RequestMirror mirror = filter;
    // gateway.md 2 "mirrors": Cilium cuts a fraction to whole percents.
    if (behaviour_.whole_percent_mirrors && mirror.denominator != 0)
      mirror = whole_percent(mirror);
    const bool copies = mirror.invalid.empty() && mirror.numerator > 0;
    if (copies) passage.mirrors.push_back(mirror);
    const std::string to = "`" + mirror.namespace_name + "/" + mirror.service + "`";
    return tell(passage, copies ? "filter: copied to " + to : "filter: nothing is copied to " + to);
  }
  bool step(const Cors& filter, Passage& passage) {
    const auto answer = cors_answer(filter, asked_);
    if (!answer) return true;
    append(answer->response, passage.response);
    if (!answer->preflight) return tell(passage, answer->allowed ? "filter: CORS, the origin is allowed" : "filter: CORS, the origin is not allowed");
    decision_.response = passage.response;
    respond(decision_, asked_, answer->allowed ? 200 : 403, 7, answer->allowed ? "CORS preflight, answered by the gateway" : "CORS preflight of an origin that is not allowed");
    return false;
  }
  bool step(const BrokenFilter& filter, Passage&) {
    respond(decision_, asked_, filter.status, 14, filter.why);
    return false;
  }

  static RequestMirror whole_percent(RequestMirror mirror) {
    const std::uint64_t percent = std::uint64_t{mirror.numerator} * 100 / mirror.denominator;
    mirror.numerator = static_cast<std::uint32_t>(percent);
    mirror.denominator = 100;
    return mirror;
  }
  static bool tell(Passage& passage, std::string line) {
    passage.story.push_back(std::move(line));
    return true;
  }

  const GatewayBehaviour& behaviour_;
  std::string_view prefix_;
  std::uint16_t port_;
  const Request& asked_;
  RouteDecision& decision_;
};

/// gateway.md 2 "identical matches": Cilium joins the backends of rules with the same match and host into one cluster;
/// inside one route only before 1.20.
bool joined_with(const RouteTable& table, const Candidate& best, const Candidate& other) {
  if (other.hostname != best.hostname) return false;
  const bool same_route = other.choice.route == best.choice.route;
  if (same_route && other.choice.rule == best.choice.rule) return false;
  const GatewayBehaviour& rules = behaviour(table.dialect);
  if (!(same_route ? rules.joins_rules_of_a_route : rules.joins_rules_across_routes)) return false;
  const auto key = [](RouteMatch match) {
    std::sort(match.headers.begin(), match.headers.end());
    std::sort(match.query.begin(), match.query.end());
    return match;
  };
  return key(match_of(table, best.choice)) == key(match_of(table, other.choice));
}

/// What the choice rests on beside the text of the API.
void explain_choice(const RouteTable& table, const std::vector<Candidate>& all, const Candidate& best, RouteDecision& decision) {
  const Route& winner = table.routes[best.choice.route];
  bool regex = false, prefix = false;
  for (const Candidate& other : all) {
    const PathKind kind = match_of(table, other.choice).path.kind;
    regex = regex || kind == PathKind::Regex;
    prefix = prefix || kind == PathKind::Prefix;
    const Route& route = table.routes[other.choice.route];
    const bool tie = other.choice.route != best.choice.route && equally_specific(table, other, best);
    if (tie && winner.created == route.created)
      decision.assumptions.push_back("tie decided by name: " + route_name(winner) + " comes before " + route_name(route) +
                                     ", and their creationTimestamps do not tell them apart");
  }
  if (regex && prefix)
    decision.assumptions.push_back(std::string("a regular expression path ranks ") +
                                   (behaviour(table.dialect).regex_last ? "behind PathPrefix" : "between Exact and PathPrefix") +
                                   "; the Gateway API leaves this to the implementation");
}

std::vector<Backend> backends_of(const RouteTable& table, const std::vector<Candidate>& all, const Candidate& best,
                                 RouteDecision& decision) {
  std::vector<Backend> backends = table.routes[best.choice.route].rules[best.choice.rule].backends;
  // Item 36: of TCP and UDP routes only the oldest gets anything.
  const bool by_request = table.routes[best.choice.route].kind == "HTTPRoute" || table.routes[best.choice.route].kind == "GRPCRoute";
  for (const Candidate& other : all) {
    if (!by_request || other.choice == best.choice || !joined_with(table, best, other)) continue;
    const Route& route = table.routes[other.choice.route];
    const auto& more = route.rules[other.choice.rule].backends;
    backends.insert(backends.end(), more.begin(), more.end());
    decision.assumptions.push_back("dialect " + std::string(to_text(table.dialect)) + ": " + route_name(route) + " rule " +
                                   std::to_string(other.choice.rule) + " has the same match, so its backends take a share; by " +
                                   "the Gateway API they would get nothing");
  }
  return backends;
}

/// Items 31 and 39: an invalid reference is answered with 500, a broken BackendTLSPolicy with 502, a Service without ready
/// endpoints with 503.
std::uint32_t failure_status(const Backend& backend) {
  if (!backend.invalid.empty()) return 500;
  if (!backend.tls_invalid.empty()) return 502;
  return backend.endpoints_known && backend.pods.empty() ? 503 : 0;
}

std::string percent(double share) {
  std::string text = std::to_string(std::round(share * 1e4) / 1e2);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + " %";
}

/// One backend's share, after its own filters.
BackendShare share_of(Filters& filters, const Passage& rule, Backend backend, double share, bool grpc, RouteDecision& decision) {
  BackendShare one;
  one.share = share;
  one.status = failure_status(backend);
  if (grpc && one.status != 0) one.grpc_status = 14;
  Passage passage{rule.request, rule.response, {}, {}};
  (void)filters.run(backend.filters, passage);
  one.forwarded = std::move(passage.request);
  one.response = std::move(passage.response);
  decision.mirrors.insert(decision.mirrors.end(), passage.mirrors.begin(), passage.mirrors.end());
  if (!backend.endpoints_known)
    decision.assumptions.push_back("the endpoints of `" + backend.namespace_name + "/" + backend.service +
                                   "` are not known: the input does not tell them");
  decision.story.push_back("backend `" + backend.namespace_name + "/" + backend.service + ":" + std::to_string(backend.port) + "` " +
                           percent(share) + (one.status == 0 ? "" : ", status " + std::to_string(one.status)));
  for (std::string& line : passage.story) decision.story.push_back(std::move(line));
  one.backend = std::move(backend);
  return one;
}

/// Nobody serves: a response, or for a connection a refusal.
void fail(const Request& request, bool http, std::uint32_t status, std::string why, RouteDecision& decision) {
  if (http) return respond(decision, request, status, 14, std::move(why));
  reject(decision, std::move(why));
}

void distribute(const RouteTable& table, const Request& request, std::vector<Backend> backends, Filters& filters, const Passage& rule,
                RouteDecision& decision) {
  const std::string& kind = table.routes[decision.choice->route].kind;
  const bool http = kind == "HTTPRoute" || kind == "GRPCRoute";
  // Item 31: "a single backend with weight 0" is ignored by Cilium's translator.
  if (behaviour(table.dialect).ignores_single_weight && backends.size() == 1 && backends.front().weight == 0) {
    backends.front().weight = 1;
    decision.assumptions.push_back("dialect " + std::string(to_text(table.dialect)) + ": weight 0 is ignored when a rule has one backend");
  }
  double total = 0;
  for (const Backend& backend : backends) total += backend.weight;
  if (backends.empty()) return fail(request, http, 500, "the rule has no backendRefs", decision);
  if (total == 0) return fail(request, http, 503, "every backend of the rule has weight 0", decision);
  bool served = false;
  for (Backend& backend : backends) {
    if (backend.weight == 0) continue;
    const double share = backend.weight / total;
    decision.backends.push_back(share_of(filters, rule, std::move(backend), share, is_grpc(request), decision));
    served = served || decision.backends.back().status == 0;
  }
  decision.outcome = RouteOutcome::Backends;
  if (!served) fail(request, http, decision.backends.front().status, "no backend of the rule can serve", decision);
}

// Item 34: 0 is off; Cilium takes the smaller of the two for the whole exchange.
std::optional<std::uint64_t> timeout_of(const RouteRule& rule, const GatewayBehaviour& behaviour) {
  const auto on = [](const std::optional<std::uint64_t>& time) { return time && *time > 0; };
  if (behaviour.one_timeout && on(rule.request_timeout) && on(rule.backend_timeout)) return std::min(*rule.request_timeout, *rule.backend_timeout);
  if (on(rule.request_timeout)) return rule.request_timeout;
  return on(rule.backend_timeout) ? rule.backend_timeout : std::nullopt;
}

}  // namespace

void finish(const RouteTable& table, const Request& request, RouteDecision& decision) {
  const RouteChoice& choice = *decision.choice;
  const Route& route = table.routes[choice.route];
  const RouteRule& rule = route.rules[choice.rule];
  const std::vector<Candidate> all = candidates(table, *decision.listener, request);
  const auto chosen = std::find_if(all.begin(), all.end(), [&](const Candidate& c) { return c.choice == choice; });
  if (chosen == all.end()) return;
  explain_choice(table, all, *chosen, decision);
  decision.story.push_back(route.kind + " " + route_name(route) + " rule " + std::to_string(choice.rule) +
                           (rule.name.empty() ? "" : " `" + rule.name + "`") + ": " + to_text(match_of(table, choice)));
  decision.timeout = timeout_of(rule, behaviour(table.dialect));
  Filters filters(table, match_of(table, choice), table.listeners[*decision.listener], request, decision);
  Passage passage{request, {}, {}, {}};
  const bool goes_on = filters.run(rule.filters, passage);
  for (std::string& line : passage.story) decision.story.push_back(std::move(line));
  if (!goes_on) return;
  decision.mirrors = std::move(passage.mirrors);
  distribute(table, request, backends_of(table, all, *chosen, decision), filters, passage, decision);
}

}  // namespace weir::ir
