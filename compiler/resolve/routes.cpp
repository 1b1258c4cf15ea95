// Gateways and routes (gateway.md 1.2, 1.3, 1.7), one step a file: listeners, attachment, rules, conditions. Tested by
// tests/unit/compiler/resolve/gateway_test.cpp.
#include "compiler/resolve/routes.h"

#include <algorithm>
#include <tuple>

#include "compiler/resolve/gateway_conditions.h"
#include "compiler/resolve/route_rules.h"
#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

/// The route without its rules.
ir::Route head_of(const RouteObject& object, const std::vector<Attachment>& attachments) {
  ir::Route route;
  route.kind = object.kind;
  route.namespace_name = object.meta.namespace_name;
  route.name = object.meta.name;
  route.created = object.meta.created;
  route.origin = object.meta.origin;
  for (const auto& hostname : object.hostnames) route.hostnames.push_back(ir::lower(hostname.value));
  for (const Attachment& one : attachments) route.listeners.insert(route.listeners.end(), one.listeners.begin(), one.listeners.end());
  std::sort(route.listeners.begin(), route.listeners.end());
  route.listeners.erase(std::unique(route.listeners.begin(), route.listeners.end()), route.listeners.end());
  return route;
}

/// gateway.md 12: routes that are accepted, whether or not the listener is.
void count_attached(ResolvedListeners& listeners, const std::vector<ir::Route>& routes) {
  for (const ir::Route& route : routes)
    for (const std::uint32_t i : route.listeners) ++listeners.list[i].attached;
}

}  // namespace

ResolvedRoutes resolve_routes(const GatewayObjects& objects, const ir::Cluster& cluster, const ir::Files&, ir::Diagnostics& diagnostics) {
  ResolvedRoutes out;
  out.table.dialect = ir::gateway_dialect(cluster.settings);
  ResolvedListeners listeners = resolve_listeners(objects, cluster, diagnostics);
  const BackendTls tls(objects, cluster, diagnostics);
  const auto attachments = attach_routes(objects, listeners, cluster, diagnostics);
  std::vector<std::vector<std::string>> unsupported;
  std::vector<std::string> unresolved;
  for (std::size_t r = 0; r < objects.routes.size(); ++r) {
    ir::Route route = head_of(objects.routes[r], attachments[r]);
    std::vector<std::string> dropped;
    std::string bad_reference;
    for (const RouteRuleObject& rule : objects.routes[r].rules) {
      ResolvedRule one = resolve_rule(rule, objects.routes[r], {objects, cluster, tls}, diagnostics);
      dropped.push_back(std::move(one.unsupported));
      if (bad_reference.empty()) bad_reference = std::move(one.unresolved);
      route.rules.push_back(std::move(one.rule));
    }
    // gateway.md 29: a route of nothing but bad rules is not accepted.
    const bool useless = !dropped.empty() && std::none_of(dropped.begin(), dropped.end(), [](const std::string& why) { return why.empty(); });
    if (useless) route.listeners.clear();
    unsupported.push_back(std::move(dropped));
    unresolved.push_back(std::move(bad_reference));
    out.table.routes.push_back(std::move(route));
  }
  count_attached(listeners, out.table.routes);
  for (const ResolvedListener& one : listeners.list) out.table.listeners.push_back(one.listener);
  out.status = gateway_status(objects, cluster, {listeners, attachments, unsupported, unresolved, tls});
  const auto name = [](const ir::Route& r) { return std::tie(r.namespace_name, r.name, r.kind); };
  std::stable_sort(out.table.routes.begin(), out.table.routes.end(), [&](const auto& a, const auto& b) { return name(a) < name(b); });
  return out;
}

}  // namespace weir::compiler
