// Grants that nothing needs (gateway.md 4 V8). Tested by tests/unit/compiler/resolve/gateway_lints_test.cpp.
#include <algorithm>
#include <set>

#include "compiler/api/gateway_rules.h"
#include "compiler/resolve/gateway_lints.h"
#include "compiler/resolve/gateway_report.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

/// A reference from one namespace to another.
struct Use {
  std::string from_kind, from_namespace, to_group, to_kind, to_namespace, to_name;
  friend auto operator<=>(const Use&, const Use&) = default;
};

class Uses {
 public:
  explicit Uses(const GatewayObjects& objects) {
    for (const RouteObject& route : objects.routes) add_route(route);
    for (const GatewayObject& gateway : objects.gateways) add_listeners("Gateway", gateway.meta, gateway.listeners);
    for (const GatewayObject& gateway : objects.gateways)
      for (const FrontendTls& frontend : gateway.frontend)
        for (const ObjectRef& ref : frontend.authorities) add("Gateway", gateway.meta, ref.group, ref.kind, ref.namespace_name, ref.name);
    for (const ListenerSetObject& set : objects.listener_sets) add_listeners("ListenerSet", set.meta, set.listeners);
  }
  [[nodiscard]] const std::set<Use>& all() const { return uses_; }

 private:
  void add(std::string kind, const ObjectMeta& from, std::string group, std::string to_kind, std::string space, std::string name) {
    if (space != from.namespace_name)
      uses_.insert({std::move(kind), from.namespace_name, std::move(group), std::move(to_kind), std::move(space), std::move(name)});
  }
  void add_filters(const RouteObject& route, const std::vector<FilterObject>& filters) {
    for (const FilterObject& filter : filters)
      if (const auto* mirror = std::get_if<MirrorObject>(&filter.what))
        add(route.kind, route.meta, mirror->group, mirror->kind, mirror->namespace_name, mirror->name);
  }
  void add_route(const RouteObject& route) {
    for (const RouteRuleObject& rule : route.rules) {
      add_filters(route, rule.filters);
      for (const BackendRef& ref : rule.backends) {
        add(route.kind, route.meta, ref.group, ref.kind, ref.namespace_name, ref.name);
        add_filters(route, ref.filters);
      }
    }
  }
  void add_listeners(const std::string& kind, const ObjectMeta& meta, const std::vector<ListenerObject>& listeners) {
    for (const ListenerObject& listener : listeners)
      if (listener.tls)
        for (const ObjectRef& ref : listener.tls->certificates) add(kind, meta, ref.group, ref.kind, ref.namespace_name, ref.name);
  }

  std::set<Use> uses_;
};

bool is_from(const GrantFrom& from, const Use& use) {
  return from.group == kGatewayGroup && from.kind == use.from_kind && from.namespace_name == use.from_namespace;
}

bool is_to(const GrantTo& to, const Use& use) {
  return to.group == use.to_group && to.kind == use.to_kind && (!to.name || *to.name == use.to_name);
}

/// Services of the namespace, the one kind whose number the input tells.
std::size_t services_in(const ir::Cluster& cluster, const std::string& space) {
  return static_cast<std::size_t>(std::count_if(cluster.services.begin(), cluster.services.end(),
                                                [&](const ir::Service& s) { return s.cluster.empty() && s.namespace_name == space; }));
}

void lint_grant(const ReferenceGrantObject& grant, const std::vector<Use>& uses, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  const std::string name = "ReferenceGrant `" + name_of(grant.meta) + "`";
  const auto opened = [&](const Use& use) {
    return std::any_of(grant.from.begin(), grant.from.end(), [&](const auto& f) { return is_from(f, use); }) &&
           std::any_of(grant.to.begin(), grant.to.end(), [&](const auto& t) { return is_to(t, use); });
  };
  if (std::none_of(uses.begin(), uses.end(), opened))
    return report(diagnostics, ir::Code::GrantUnused, grant.meta.origin, "nothing in the input uses " + name, "take it out");
  for (const GrantFrom& from : grant.from)
    if (std::none_of(uses.begin(), uses.end(), [&](const Use& use) { return opened(use) && is_from(from, use); }))
      report(diagnostics, ir::Code::GrantUnused, from.origin, name + ": no " + from.kind + " of namespace `" + from.namespace_name + "` uses it", "take this entry out");
  for (const GrantTo& to : grant.to) {
    std::set<std::string> used;
    for (const Use& use : uses)
      if (opened(use) && is_to(to, use)) used.insert(use.to_name);
    if (used.empty()) {
      report(diagnostics, ir::Code::GrantUnused, to.origin, name + ": nothing refers to this", "take this entry out");
    } else if (!to.name && to.kind == "Service" && to.group.empty() && used.size() < services_in(cluster, grant.meta.namespace_name)) {
      report(diagnostics, ir::Code::GrantBroad, to.origin,
             name + " opens all " + std::to_string(services_in(cluster, grant.meta.namespace_name)) + " Services of its namespace; " +
                 std::to_string(used.size()) + " of them " + (used.size() == 1 ? "is" : "are") + " used",
             "add `name: " + *used.begin() + "`");
    }
  }
}

}  // namespace

void lint_grants(const GatewayObjects& objects, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  if (objects.grants.empty()) return;
  const Uses all(objects);
  for (const ReferenceGrantObject& grant : objects.grants) {
    std::vector<Use> uses;
    for (const Use& use : all.all())
      if (use.to_namespace == grant.meta.namespace_name) uses.push_back(use);
    lint_grant(grant, uses, cluster, diagnostics);
  }
}

}  // namespace weir::compiler
