#include "compiler/resolve/routes.h"

#include <algorithm>
#include <tuple>

#include "compiler/api/gateway_rules.h"
#include "compiler/resolve/route_backends.h"
#include "compiler/resolve/route_listeners.h"
#include "ir/eval/route.h"
#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

void report(ir::Diagnostics& diagnostics, ir::Code code, ir::Span span, std::string detail) {
  diagnostics.report(
      {.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {}, .fix = {}, .witness = {}});
}

bool requirement_holds(const LabelRequirement& wanted, const std::map<std::string, std::string>& labels) {
  const auto at = labels.find(wanted.key);
  const bool listed = at != labels.end() &&
                      std::find(wanted.values.begin(), wanted.values.end(), at->second) != wanted.values.end();
  switch (wanted.op) {
    case ir::Operator::In: return listed;
    case ir::Operator::NotIn: return !listed;
    case ir::Operator::Exists: return at != labels.end();
    case ir::Operator::DoesNotExist: return at == labels.end();
  }
  return false;
}

/// The labels of a Namespace; one that is not in the input has its own name as a label (gateway.md 11).
std::map<std::string, std::string> namespace_labels(const ir::Cluster& cluster, const std::string& name) {
  const ir::Namespace* found = cluster.find_namespace(name);
  auto labels = found ? found->labels : std::map<std::string, std::string>{};
  labels["kubernetes.io/metadata.name"] = name;
  return labels;
}

// gateway.md 11: the listener decides which kinds and whose routes it takes.
bool admits(const ResolvedListener& listener, const RouteObject& route, const ir::Cluster& cluster) {
  const auto protocol = listener.listener.protocol;
  if (protocol != ir::ListenerProtocol::Http && protocol != ir::ListenerProtocol::Https) return false;
  const auto& kinds = listener.object->kinds;
  const std::string kind = std::string(kGatewayGroup) + "/HTTPRoute";
  const auto same = [&](const RouteKind& k) { return k.group + "/" + k.kind == kind; };
  if (!kinds.empty() && std::none_of(kinds.begin(), kinds.end(), same)) return false;
  switch (listener.object->routes.from) {
    case NamespacesFrom::None: return false;
    case NamespacesFrom::All: return true;
    case NamespacesFrom::Same: return route.meta.namespace_name == listener.gateway->meta.namespace_name;
    case NamespacesFrom::Selector: break;
  }
  // A selector that is missing was reported by the reader and admits nobody.
  if (!listener.object->routes.selector) return false;
  const auto labels = namespace_labels(cluster, route.meta.namespace_name);
  const auto& wanted = listener.object->routes.selector->requirements;
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& r) { return requirement_holds(r, labels); });
}

bool names_meet(const ir::Listener& listener, const ir::Route& route) {
  if (route.hostnames.empty()) return true;
  return std::any_of(route.hostnames.begin(), route.hostnames.end(),
                     [&](const std::string& name) { return ir::intersect(listener.hostname, name).has_value(); });
}

/// The reader refused every other kind of parent.
bool is_gateway(const ParentRef& ref) { return ref.group == kGatewayGroup && ref.kind == "Gateway"; }

/// "NoMatchingParent", and whether it is the Gateway or the listener that is missing.
std::string no_parent(const ParentRef& ref, const std::vector<ResolvedListener>& listeners) {
  const bool known = std::any_of(listeners.begin(), listeners.end(), [&](const ResolvedListener& l) {
    return l.listener.gateway == ref.name && l.listener.gateway_namespace == ref.namespace_name;
  });
  return known ? "NoMatchingParent: no listener of that sectionName and port"
               : "NoMatchingParent: the input has no such Gateway";
}

bool is_parent(const ParentRef& ref, const ResolvedListener& candidate) {
  const ir::Listener& listener = candidate.listener;
  return ref.name == listener.gateway && ref.namespace_name == listener.gateway_namespace &&
         (!ref.section_name || *ref.section_name == listener.name) && (!ref.port || *ref.port == listener.port);
}

/// gateway.md 10 to 12: the listeners of one parent that accept the route; reports why when none does.
void attach(const ParentRef& ref, const RouteObject& object, const std::vector<ResolvedListener>& listeners,
            const ir::Cluster& cluster, ir::Route& route, ir::Diagnostics& diagnostics) {
  std::string_view reason = "NoMatchingParent";
  bool accepted = false;
  for (std::uint32_t i = 0; i < listeners.size(); ++i) {
    if (!is_parent(ref, listeners[i])) continue;
    const bool admitted = admits(listeners[i], object, cluster);
    if (reason == "NoMatchingParent") reason = "NotAllowedByListeners";
    if (admitted) reason = "NoMatchingListenerHostname";
    if (!admitted || !names_meet(listeners[i].listener, route)) continue;
    accepted = true;
    route.listeners.push_back(i);
  }
  if (accepted) return;
  report(diagnostics, ir::Code::RouteNotAttached, ref.origin,
         "HTTPRoute `" + name_of(object.meta) + "` is not attached to Gateway `" + ref.namespace_name + "/" + ref.name +
             "` (Accepted=False, " + (reason == "NoMatchingParent" ? no_parent(ref, listeners) : std::string(reason)) + ")");
}

void check_regexes(const RouteMatchObject& match, ir::Diagnostics& diagnostics) {
  const auto check = [&](const std::string& pattern) {
    const std::string error = ir::regex_error(pattern);
    if (!error.empty())
      report(diagnostics, ir::Code::RouteRegex, match.origin, show(pattern) + " is no regular expression: " + error);
  };
  if (match.match.path.kind == ir::PathKind::Regex) check(match.match.path.value);
  for (const auto* values : {&match.match.headers, &match.match.query})
    for (const ir::ValueMatch& value : *values)
      if (value.kind == ir::ValueKind::Regex) check(value.value);
}

// gateway.md 31: a sum of zero; Envoy refuses the whole configuration over it.
void check_weights(const ir::RouteRule& rule, ir::Diagnostics& diagnostics) {
  const bool zero = std::all_of(rule.backends.begin(), rule.backends.end(), [](const auto& b) { return b.weight == 0; });
  if (!rule.backends.empty() && zero)
    report(diagnostics, ir::Code::ZeroWeights, rule.backends.front().origin, "every backend of this rule has weight 0");
}

ir::RouteRule resolve_rule(const RouteRuleObject& object, const ObjectMeta& meta, const ir::Cluster& cluster,
                           ir::Diagnostics& diagnostics) {
  ir::RouteRule rule;
  rule.origin = object.origin;
  for (const RouteMatchObject& match : object.matches) {
    check_regexes(match, diagnostics);
    rule.matches.push_back(match.match);
  }
  for (const BackendRef& ref : object.backends)
    rule.backends.push_back(resolve_backend(ref, meta, cluster, diagnostics));
  check_weights(rule, diagnostics);
  return rule;
}

ir::Route resolve_route(const RouteObject& object, const std::vector<ResolvedListener>& listeners,
                        const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  ir::Route route;
  route.namespace_name = object.meta.namespace_name;
  route.name = object.meta.name;
  route.created = object.meta.created;
  route.origin = object.meta.origin;
  for (const auto& hostname : object.hostnames) route.hostnames.push_back(ir::lower(hostname.value));
  for (const ParentRef& ref : object.parents)
    if (is_gateway(ref)) attach(ref, object, listeners, cluster, route, diagnostics);
  std::sort(route.listeners.begin(), route.listeners.end());
  route.listeners.erase(std::unique(route.listeners.begin(), route.listeners.end()), route.listeners.end());
  for (const RouteRuleObject& rule : object.rules)
    route.rules.push_back(resolve_rule(rule, object.meta, cluster, diagnostics));
  return route;
}

}  // namespace

ResolvedRoutes resolve_routes(const GatewayObjects& objects, const ir::Cluster& cluster, const ir::Files&,
                              ir::Diagnostics& diagnostics) {
  ResolvedRoutes out;
  ir::RouteTable& table = out.table;
  table.dialect = ir::gateway_dialect(cluster.settings);
  const auto listeners = resolve_listeners(objects, table.dialect, diagnostics);
  for (const ResolvedListener& listener : listeners) table.listeners.push_back(listener.listener);
  for (const RouteObject& object : objects.routes)
    if (object.kind == "HTTPRoute") table.routes.push_back(resolve_route(object, listeners, cluster, diagnostics));
  const auto name = [](const ir::Route& r) { return std::tie(r.namespace_name, r.name); };
  std::stable_sort(table.routes.begin(), table.routes.end(), [&](const auto& a, const auto& b) { return name(a) < name(b); });
  return out;
}

}  // namespace weir::compiler
