// Which backends get which share, and for how long (gateway.md 31, 34, 36). Tested by tests/unit/ir/route_kinds_test.cpp and route_test.cpp.
#include <algorithm>

#include "ir/eval/route_parts.h"

namespace weir::ir::router {
namespace {

constexpr std::uint32_t kUnimplemented = 12, kUnavailable = 14;

std::string name_of(const Backend& backend) { return "`" + backend.namespace_name + "/" + backend.service + "`"; }

/// Item 31: an invalid reference is 500, a TLS policy that cannot be used 502, a Service without ready endpoints 503.
std::uint32_t failure_status(const Backend& backend) {
  if (!backend.invalid.empty()) return 500;
  if (!backend.tls_invalid.empty()) return 502;
  return backend.endpoints_known && backend.pods.empty() ? 503 : 0;
}

/// The backends of the rule and, in dialects that join, those of the rules with the same match.
std::vector<Backend> backends_of(const RouteTable& table, const RoutePick& pick, const Request& request, RouteDecision& decision) {
  std::vector<Backend> backends = rule_of(table, *pick.choice).backends;
  for (const RouteChoice& other : joined(table, *pick.listener, *pick.choice, request)) {
    const auto& more = rule_of(table, other).backends;
    backends.insert(backends.end(), more.begin(), more.end());
    decision.assumptions.push_back(by_dialect(table) + router::name_of(table.routes[other.route]) + " rule " +
                                   std::to_string(other.rule) + " has the same match, so its backends take a share; by the " +
                                   "Gateway API they would get nothing");
  }
  return backends;
}

/// The backend's own filters, on top of those of the rule.
BackendShare share_of(const RouteTable& table, const RoutePick& pick, const Request& asked, const Filtered& rule, Backend backend,
                      double part, RouteDecision& decision) {
  BackendShare out;
  Filtered own = filtered(table, pick, backend.filters, asked, rule.forwarded);
  out.share = part;
  out.status = failure_status(backend);
  if (own.redirect) out.status = own.redirect->status;
  if (own.answer) out.status = own.answer->status;
  out.forwarded = std::move(own.forwarded);
  out.response = compose(rule.response, own.response);
  if (out.status == 0) decision.mirrors.insert(decision.mirrors.end(), own.mirrors.begin(), own.mirrors.end());
  if (out.status != 0 && is_grpc(asked)) out.grpc_status = kUnavailable;
  decision.assumptions.insert(decision.assumptions.end(), own.assumptions.begin(), own.assumptions.end());
  if (!backend.endpoints_known)
    decision.assumptions.push_back("the endpoints of " + name_of(backend) + " are not known: the Service has no selector");
  decision.story.insert(decision.story.end(), own.story.begin(), own.story.end());
  out.backend = std::move(backend);
  return out;
}

/// TLS, TCP and UDP know no status: the connection is refused (36).
void fail(const RoutePick& pick, const RouteTable& table, const Request& asked, std::uint32_t status, std::string why,
          RouteDecision& decision) {
  if (speaks_http(table.listeners[*pick.listener])) return respond(decision, asked, status, std::move(why));
  decision.outcome = RouteOutcome::Rejected;
  decision.why = std::move(why);
}

}  // namespace

void respond(RouteDecision& decision, const Request& request, std::uint32_t status, std::string why) {
  decision.outcome = RouteOutcome::Response;
  decision.status = status;
  decision.why = std::move(why);
  if (is_grpc(request) && status >= 400) decision.grpc_status = status == 404 ? kUnimplemented : kUnavailable;
}

void distribute(const RouteTable& table, const RoutePick& pick, const Request& asked, const Filtered& rule, RouteDecision& decision) {
  std::vector<Backend> backends = backends_of(table, pick, asked, decision);
  // Item 31: "a single backend with weight 0" is ignored by Cilium's translator.
  if (rules_of(table).ignores_single_weight && backends.size() == 1 && backends.front().weight == 0) {
    backends.front().weight = 1;
    decision.assumptions.push_back(by_dialect(table) + "weight 0 is ignored when a rule has one backend");
  }
  double total = 0;
  for (const Backend& backend : backends) total += backend.weight;
  if (backends.empty()) return fail(pick, table, asked, 500, "the rule has no backendRefs", decision);
  if (total == 0) return fail(pick, table, asked, 503, "every backend of the rule has weight 0", decision);
  bool served = false;
  for (Backend& backend : backends) {
    if (backend.weight == 0) continue;
    const double part = backend.weight / total;
    decision.backends.push_back(share_of(table, pick, asked, rule, std::move(backend), part, decision));
    served = served || decision.backends.back().status == 0;
  }
  decision.outcome = RouteOutcome::Backends;
  decision.mirrors.insert(decision.mirrors.begin(), rule.mirrors.begin(), rule.mirrors.end());
  if (!served) fail(pick, table, asked, decision.backends.front().status, "no backend of the rule can serve", decision);
  if (!served) decision.mirrors.clear();
}

std::optional<std::uint64_t> whole_timeout(const RouteTable& table, const RouteRule& rule, RouteDecision& decision) {
  // 0 is off. Retries are not followed, so the timeout of one try bounds the exchange where the rule sets no other.
  const auto set = [](std::optional<std::uint64_t> t) { return t && *t > 0 ? t : std::nullopt; };
  const auto request = set(rule.request_timeout), backend = set(rule.backend_timeout);
  if (!request || !backend) return request ? request : backend;
  if (!rules_of(table).one_timeout) return request;
  if (*backend < *request)
    decision.assumptions.push_back(by_dialect(table) + "backendRequest, the smaller of the two timeouts, is that of the whole request");
  return std::min(*request, *backend);
}

}  // namespace weir::ir::router
