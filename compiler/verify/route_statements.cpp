// Statements about routes, by the reference router: `route URL reaches SERVICE` and `no route exposes S`.
#include <algorithm>

#include "compiler/verify/members.h"
#include "compiler/verify/statements.h"
#include "ir/eval/route.h"
#include "ir/route/url.h"
#include "nlohmann/json.hpp"

namespace weir::compiler {
namespace {

Answer unknown(std::string why) { return {ProofStatus::Unknown, std::move(why), "router", std::nullopt}; }

std::string name_of(const ir::Backend& backend) {
  return backend.namespace_name + "/" + backend.service + ":" + std::to_string(backend.port);
}

/// What a share of the requests meets instead; empty: the Service itself.
std::string instead(const ServesInvariant& serves, const ir::BackendShare& share) {
  const bool same = share.backend.namespace_name == serves.namespace_name && share.backend.service == serves.service &&
                    (!serves.port || *serves.port == share.backend.port);
  if (!same) return "reaches `" + name_of(share.backend) + "`";
  return share.status == 0 ? "" : "gets " + std::to_string(share.status) + " from the gateway";
}

std::string what_breaks(const ServesInvariant& serves, const ir::RouteDecision& decision) {
  if (decision.outcome != ir::RouteOutcome::Backends) return decision.why.empty() ? "ends with " + std::string(to_text(decision.outcome)) : decision.why;
  for (const ir::BackendShare& share : decision.backends)
    if (const std::string other = instead(serves, share); !other.empty()) return other;
  return decision.backends.empty() ? "reaches no backend" : "";
}

/// A pod that the statement is about, behind a backend of an attached route.
struct Exposure {
  const ir::Route* route = nullptr;
  const ir::RouteRule* rule = nullptr;
  const ir::Backend* backend = nullptr;
  const ir::Pod* pod = nullptr;
};

const ir::Pod* find_pod(const ir::Cluster& cluster, const std::string& name) {
  const std::size_t slash = name.find('/');
  const auto pod = cluster.find_pod(name.substr(0, slash), name.substr(slash + 1));
  return pod ? &cluster.pod(*pod) : nullptr;
}

void each_backend(const ir::RouteTable& routes, auto see) {
  for (const ir::Route& route : routes.routes)
    for (const ir::RouteRule& rule : route.rules)
      for (const ir::Backend& backend : rule.backends)
        if (!route.listeners.empty() && backend.invalid.empty() && backend.weight > 0) see(route, rule, backend);
}

void report(const CheckContext& context, const Statement& statement, const Exposure& found) {
  const std::string pod = found.pod->namespace_name + "/" + found.pod->name;
  ir::Diagnostic diagnostic = violation(statement.invariant, found.route->kind + " `" + found.route->namespace_name + "/" + found.route->name +
                                                                 "` exposes pod `" + pod + "` through Service `" + name_of(*found.backend) + "`");
  diagnostic.labels.push_back({found.backend->origin, "this backend has the pod behind it"});
  diagnostic.fix = "take the backend out of the route, or the pod out of the Service";
  nlohmann::ordered_json witness;
  witness["route"] = found.route->namespace_name + "/" + found.route->name;
  witness["service"] = name_of(*found.backend);
  witness["pod"] = "pod:" + pod;
  diagnostic.witness = witness.dump();
  tell(context, std::move(diagnostic), World::Today);
}

}  // namespace

Answer check_serves(const CheckContext& context, const Statement& statement, const ServesInvariant& serves) {
  if (context.routes == nullptr) return unknown("no routes are known");
  const auto request = ir::request_of(serves.url);
  if (!request) return unknown(request.error().message);
  const ir::RouteDecision decision = route(*context.routes, *request);
  statement.assumptions.insert(statement.assumptions.end(), decision.assumptions.begin(), decision.assumptions.end());
  const std::string wrong = what_breaks(serves, decision);
  if (wrong.empty()) return {ProofStatus::Holds, "", "router", std::nullopt};
  ir::Diagnostic found = violation(statement.invariant, "a GET of `" + serves.url + "`: " + wrong);
  if (decision.choice) {
    const ir::RouteRule& rule = context.routes->routes[decision.choice->route].rules[decision.choice->rule];
    found.labels.push_back({rule.origin, "this rule takes the request"});
  }
  for (const std::string& step : decision.story) found.notes.push_back(step);
  found.fix = "mend the route, or the statement";
  nlohmann::ordered_json witness;
  witness["url"] = serves.url;
  witness["outcome"] = to_text(decision.outcome);
  for (const ir::BackendShare& share : decision.backends) witness["backends"].push_back(name_of(share.backend));
  found.witness = witness.dump();
  context.diagnostics.report(std::move(found));
  return {ProofStatus::Violated, "", "router", std::nullopt};
}

Answer check_exposes(const CheckContext& context, const Statement& statement, const ExposesInvariant& exposes) {
  if (context.routes == nullptr) return unknown("no routes are known");
  std::optional<Exposure> first;
  std::string doubt;
  std::vector<bool> used(statement.exceptions.size());
  each_backend(*context.routes, [&](const ir::Route& route, const ir::RouteRule& rule, const ir::Backend& backend) {
    if (!backend.endpoints_known) doubt = "what stands behind Service `" + name_of(backend) + "` is not in the input";
    for (const std::string& name : backend.pods) {
      const ir::Pod* pod = find_pod(context.cluster(), name);
      if (pod == nullptr || !is_member(context.cluster(), *pod, exposes.who)) continue;
      bool excepted = false;
      for (std::size_t i = 0; i < statement.exceptions.size(); ++i)
        if (is_member(context.cluster(), *pod, statement.exceptions[i].source)) excepted = used[i] = true;
      if (!excepted && !first) first = Exposure{&route, &rule, &backend, pod};
    }
  });
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i]) report_unused(context, statement.exceptions[i]);
  statement.assumptions.push_back("it is about the pods of the inventory");
  if (first) {
    report(context, statement, *first);
    return {ProofStatus::Violated, "", "router", std::nullopt};
  }
  return doubt.empty() ? Answer{ProofStatus::Holds, "", "router", std::nullopt} : unknown(doubt);
}

}  // namespace weir::compiler
