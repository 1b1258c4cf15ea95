// Listeners of Gateways and ListenerSets (gateway.md 1.2). Tested by tests/unit/compiler/resolve/gateway_test.cpp.
#include "compiler/resolve/route_listeners.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/api/gateway_rules.h"
#include "compiler/resolve/gateway_report.h"
#include "compiler/resolve/listener_conflicts.h"
#include "compiler/resolve/listener_tls.h"
#include "compiler/resolve/tls_overlap.h"
#include "ir/base/code.h"
#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

using ir::ListenerProtocol;

constexpr std::string_view kCiliumController = "io.cilium/gateway-controller";

std::optional<ListenerProtocol> protocol_of(std::string_view text) {
  for (const auto protocol : {ListenerProtocol::Http, ListenerProtocol::Https, ListenerProtocol::Tls,
                              ListenerProtocol::Tcp, ListenerProtocol::Udp})
    if (ir::to_text(protocol) == text) return protocol;
  return std::nullopt;
}

/// A class that is not in the input is taken for Cilium's in its dialects (gateway.md 2).
bool is_cilium(const GatewayObjects& objects, const std::string& class_name, ir::GatewayDialect dialect) {
  const auto at = std::find_if(objects.classes.begin(), objects.classes.end(),
                               [&](const GatewayClassObject& c) { return c.meta.name == class_name; });
  return at == objects.classes.end() ? ir::behaviour(dialect).ingress_identity : at->controller == kCiliumController;
}

/// gateway.md 2: the proxy of another controller is an ordinary pod.
std::vector<std::string> proxies_of(const GatewayObject& gateway, const ir::Cluster& cluster) {
  std::vector<std::string> out;
  for (const ir::Pod& pod : cluster.pods) {
    if (!pod.cluster.empty() || pod.namespace_name != gateway.meta.namespace_name) continue;
    const auto at = pod.pod_labels.find("gateway.networking.k8s.io/gateway-name");
    if (at != pod.pod_labels.end() && at->second == gateway.meta.name) out.push_back(pod.namespace_name + "/" + pod.name);
  }
  return out;
}

/// gateway.md 8: TLS "could" take a TCPRoute; it does not here.
std::vector<std::string> kinds_of(ListenerProtocol protocol) {
  switch (protocol) {
    case ListenerProtocol::Http:
    case ListenerProtocol::Https: return {"HTTPRoute", "GRPCRoute"};
    case ListenerProtocol::Tls: return {"TLSRoute"};
    case ListenerProtocol::Tcp: return {"TCPRoute"};
    case ListenerProtocol::Udp: return {"UDPRoute"};
  }
  return {};
}

void resolve_kinds(ResolvedListener& out, ir::Diagnostics& diagnostics) {
  const std::vector<std::string> possible = kinds_of(out.listener.protocol);
  if (out.object->kinds.empty()) out.kinds = possible;
  for (const RouteKind& kind : out.object->kinds) {
    const bool fits = kind.group == kGatewayGroup && std::find(possible.begin(), possible.end(), kind.kind) != possible.end();
    if (fits) {
      out.kinds.push_back(kind.kind);
      continue;
    }
    out.unresolved = "InvalidRouteKinds";
    report(diagnostics, ir::Code::ListenerUnusable, kind.origin,
           "listener `" + out.object->name + "` is of protocol " + out.object->protocol + " and takes no " + kind.kind +
               " (ResolvedRefs=False, InvalidRouteKinds)");
  }
}

class Builder {
 public:
  Builder(const GatewayObjects& objects, const ir::Cluster& cluster, ir::Diagnostics& diagnostics)
      : objects_(objects), cluster_(cluster), diagnostics_(diagnostics), dialect_(ir::gateway_dialect(cluster.settings)) {}

  ResolvedListeners run() {
    add_sets();
    for (const GatewayObject* gateway : sorted_gateways()) add_gateway(*gateway);
    find_conflicts(out_.list, dialect_, diagnostics_);
    resolve_listener_tls(objects_, cluster_, out_.list, diagnostics_);
    find_overlaps(out_.list, cluster_, diagnostics_);
    for (ResolvedListener& one : out_.list) one.listener.usable = one.good();
    return std::move(out_);
  }

 private:
  std::vector<const GatewayObject*> sorted_gateways() const {
    std::vector<const GatewayObject*> gateways;
    for (const GatewayObject& gateway : objects_.gateways) gateways.push_back(&gateway);
    const auto name = [](const GatewayObject* g) { return std::tie(g->meta.namespace_name, g->meta.name); };
    std::stable_sort(gateways.begin(), gateways.end(), [&](auto* a, auto* b) { return name(a) < name(b); });
    return gateways;
  }

  void add_sets() {
    for (const ListenerSetObject& set : objects_.listener_sets) {
      ResolvedSet one{&set, nullptr, false};
      for (const GatewayObject& gateway : objects_.gateways)
        if (gateway.meta.name == set.parent.name && gateway.meta.namespace_name == set.parent.namespace_name) one.gateway = &gateway;
      one.allowed = one.gateway != nullptr &&
                    admits(one.gateway->listener_sets, one.gateway->meta.namespace_name, set.meta.namespace_name, cluster_);
      if (!one.allowed) refuse(one);
      out_.sets.push_back(one);
    }
    // gateway.md 4: the oldest first, then by namespace and name.
    const auto age = [](const ResolvedSet& s) {
      const ObjectMeta& meta = s.object->meta;
      return std::tuple(meta.created.empty(), meta.created, meta.namespace_name, meta.name);
    };
    std::stable_sort(out_.sets.begin(), out_.sets.end(), [&](const auto& a, const auto& b) { return age(a) < age(b); });
  }

  void refuse(const ResolvedSet& set) {
    const std::string gateway = "Gateway `" + set.object->parent.namespace_name + "/" + set.object->parent.name + "`";
    const ir::Span place = set.object->parent.origin.known() ? set.object->parent.origin : set.object->meta.origin;
    if (set.gateway == nullptr)
      return report(diagnostics_, ir::Code::ListenerSetRefused, place,
                    "ListenerSet `" + name_of(set.object->meta) + "` names " + gateway + ", which the input does not have");
    report(diagnostics_, ir::Code::ListenerSetRefused, place,
           gateway + " does not allow ListenerSets of namespace `" + set.object->meta.namespace_name + "` (Accepted=False, NotAllowed)",
           "allow them in `spec.allowedListeners.namespaces` of the Gateway", {{set.gateway->meta.origin, "the Gateway"}});
  }

  void add_gateway(const GatewayObject& gateway) {
    const bool cilium = is_cilium(objects_, gateway.class_name, dialect_);
    const std::vector<std::string> proxies = cilium ? std::vector<std::string>{} : proxies_of(gateway, cluster_);
    const auto add = [&](const ListenerObject& object, const ListenerSetObject* set) {
      ResolvedListener one;
      one.object = &object;
      one.gateway = &gateway;
      one.set = set;
      one.listener.cilium = cilium;
      one.listener.proxies = proxies;
      fill(one);
      out_.list.push_back(std::move(one));
    };
    for (const ListenerObject& object : gateway.listeners) add(object, nullptr);
    for (const ResolvedSet& set : out_.sets)
      if (set.allowed && set.gateway == &gateway)
        for (const ListenerObject& object : set.object->listeners) add(object, set.object);
  }

  void fill(ResolvedListener& one) {
    const ListenerObject& object = *one.object;
    ir::Listener& listener = one.listener;
    listener.gateway_namespace = one.gateway->meta.namespace_name;
    listener.gateway = one.gateway->meta.name;
    if (one.set != nullptr) listener.set_namespace = one.set->meta.namespace_name, listener.set = one.set->meta.name;
    listener.name = object.name;
    listener.port = object.port;
    listener.hostname = ir::lower(object.hostname);
    listener.tls = object.tls ? object.tls->mode : ir::TlsMode::None;
    listener.origin = object.origin;
    const auto protocol = protocol_of(object.protocol);
    listener.protocol = protocol.value_or(ListenerProtocol::Tcp);
    if (protocol) return resolve_kinds(one, diagnostics_);
    one.refused = "UnsupportedProtocol";
    report(diagnostics_, ir::Code::ListenerUnusable, object.origin,
           "listener `" + object.name + "` has the protocol `" + object.protocol + "`, which no controller knows (Accepted=False, " +
               "UnsupportedProtocol)");
  }

  const GatewayObjects& objects_;
  const ir::Cluster& cluster_;
  ir::Diagnostics& diagnostics_;
  ir::GatewayDialect dialect_;
  ResolvedListeners out_;
};

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

}  // namespace

bool admits(const AllowedNamespaces& allowed, const std::string& own, const std::string& asked, const ir::Cluster& cluster) {
  switch (allowed.from) {
    case NamespacesFrom::None: return false;
    case NamespacesFrom::All: return true;
    case NamespacesFrom::Same: return own == asked;
    case NamespacesFrom::Selector: break;
  }
  // A selector that is missing was reported by the reader and admits nobody.
  if (!allowed.selector) return false;
  const auto labels = namespace_labels(cluster, asked);
  const auto& wanted = allowed.selector->requirements;
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& r) { return requirement_holds(r, labels); });
}

ResolvedListeners resolve_listeners(const GatewayObjects& objects, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  return Builder(objects, cluster, diagnostics).run();
}

}  // namespace weir::compiler
