// Which listeners take a route (gateway.md 1.3). Tested by tests/unit/compiler/resolve/gateway_test.cpp.
#include "compiler/resolve/route_attach.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/api/gateway_rules.h"
#include "compiler/resolve/gateway_report.h"
#include "ir/base/code.h"
#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

bool takes_names(const std::string& kind) { return kind != "TCPRoute" && kind != "UDPRoute"; }

bool names_meet(const ir::Listener& listener, const RouteObject& route) {
  if (!takes_names(route.kind) || route.hostnames.empty()) return true;
  return std::any_of(route.hostnames.begin(), route.hostnames.end(), [&](const Located<std::string>& name) {
    return ir::intersect(listener.hostname, ir::lower(name.value)).has_value();
  });
}

/// Item 14: older first, then by namespace and name.
auto age(const RouteObject& route) {
  return std::tuple(route.meta.created.empty(), route.meta.created, route.meta.namespace_name, route.meta.name, route.kind);
}

/// The places of listeners of each parent: (kind, namespace, name).
using Parents = std::map<std::tuple<std::string, std::string, std::string>, std::vector<std::uint32_t>>;

class Attacher {
 public:
  Attacher(const GatewayObjects& objects, const ResolvedListeners& listeners, const ir::Cluster& cluster, ir::Diagnostics& diagnostics)
      : objects_(objects), listeners_(listeners), cluster_(cluster), diagnostics_(diagnostics) {
    for (const GatewayObject& gateway : objects.gateways) parents_[{"Gateway", gateway.meta.namespace_name, gateway.meta.name}];
    for (const ResolvedSet& set : listeners.sets)
      if (set.gateway != nullptr) parents_[{"ListenerSet", set.object->meta.namespace_name, set.object->meta.name}];
    for (std::uint32_t i = 0; i < listeners.list.size(); ++i) {
      const ResolvedListener& one = listeners.list[i];
      // Item 5: a route of the Gateway never attaches to entries of a ListenerSet, nor the other way.
      const ObjectMeta& meta = one.set ? one.set->meta : one.gateway->meta;
      parents_[{one.set ? "ListenerSet" : "Gateway", meta.namespace_name, meta.name}].push_back(i);
    }
  }

  std::vector<std::vector<Attachment>> run() {
    for (const RouteObject& route : objects_.routes) out_.push_back(attach(route));
    for (std::uint32_t i = 0; i < listeners_.list.size(); ++i) separate_kinds(i);
    for (std::size_t r = 0; r < out_.size(); ++r)
      for (const Attachment& one : out_[r])
        if (!one.reason.empty()) tell(objects_.routes[r], one);
    return std::move(out_);
  }

 private:
  std::vector<Attachment> attach(const RouteObject& route) {
    std::vector<Attachment> all;
    for (const ParentRef& ref : route.parents) {
      if (ref.group != kGatewayGroup || (ref.kind != "Gateway" && ref.kind != "ListenerSet")) continue;
      const auto parent = parents_.find({ref.kind, ref.namespace_name, ref.name});
      if (parent == parents_.end()) {
        tell_unknown(route, ref);
        continue;
      }
      Attachment one{&ref, {ref.kind, ref.namespace_name, ref.name, ref.section_name, ref.port}, {}, {}};
      choose(route, parent->second, one);
      all.push_back(std::move(one));
    }
    if (route.default_gateways) add_defaults(route, all);
    return all;
  }

  // Item 15: a Gateway that claims all routes which ask for one.
  void add_defaults(const RouteObject& route, std::vector<Attachment>& all) {
    for (const GatewayObject& gateway : objects_.gateways) {
      if (gateway.default_scope != "All") continue;
      Attachment one{nullptr, {"Gateway", gateway.meta.namespace_name, gateway.meta.name, {}, {}}, {}, {}};
      choose(route, parents_[{"Gateway", gateway.meta.namespace_name, gateway.meta.name}], one);
      all.push_back(std::move(one));
    }
  }

  // Items 10 to 12, the reasons in that order.
  void choose(const RouteObject& route, const std::vector<std::uint32_t>& candidates, Attachment& one) {
    one.reason = "NoMatchingParent";
    for (const std::uint32_t i : candidates) {
      const ResolvedListener& listener = listeners_.list[i];
      if (one.ref && one.ref->section_name && *one.ref->section_name != listener.listener.name) continue;
      if (one.ref && one.ref->port && *one.ref->port != listener.listener.port) continue;
      if (one.reason == "NoMatchingParent") one.reason = "NotAllowedByListeners";
      const bool kind = std::find(listener.kinds.begin(), listener.kinds.end(), route.kind) != listener.kinds.end();
      if (!kind || !admits(listener.object->routes, listener.owner_namespace(), route.meta.namespace_name, cluster_)) continue;
      if (one.reason == "NotAllowedByListeners") one.reason = "NoMatchingListenerHostname";
      if (names_meet(listener.listener, route)) one.listeners.push_back(i);
    }
    if (!one.listeners.empty()) one.reason.clear();
  }

  // Item 14: HTTPRoute and GRPCRoute whose hostnames meet on one listener exclude each other; the older one stays.
  void separate_kinds(std::uint32_t listener) {
    std::vector<std::size_t> routes;
    bool http = false, grpc = false;
    for (std::size_t r = 0; r < out_.size(); ++r) {
      const std::string& kind = objects_.routes[r].kind;
      if ((kind != "HTTPRoute" && kind != "GRPCRoute") || !is_on(r, listener)) continue;
      routes.push_back(r);
      (kind == "HTTPRoute" ? http : grpc) = true;
    }
    if (!http || !grpc) return;
    std::sort(routes.begin(), routes.end(), [&](std::size_t a, std::size_t b) { return age(objects_.routes[a]) < age(objects_.routes[b]); });
    std::vector<std::size_t> stay;
    for (const std::size_t r : routes) {
      const bool loses = std::any_of(stay.begin(), stay.end(), [&](std::size_t other) { return exclude(r, other, listener); });
      if (loses) take_off(r, listener);
      else stay.push_back(r);
    }
  }

  [[nodiscard]] bool is_on(std::size_t route, std::uint32_t listener) const {
    return std::any_of(out_[route].begin(), out_[route].end(), [&](const Attachment& one) {
      return std::binary_search(one.listeners.begin(), one.listeners.end(), listener);
    });
  }

  [[nodiscard]] bool exclude(std::size_t a, std::size_t b, std::uint32_t listener) const {
    if (objects_.routes[a].kind == objects_.routes[b].kind) return false;
    const std::string& hostname = listeners_.list[listener].listener.hostname;
    const auto names = [&](const RouteObject& route) {
      std::vector<std::string> all;
      for (const auto& name : route.hostnames)
        if (auto both = ir::intersect(hostname, ir::lower(name.value))) all.push_back(std::move(*both));
      if (route.hostnames.empty()) all.push_back(hostname);
      return all;
    };
    for (const std::string& one : names(objects_.routes[a]))
      for (const std::string& other : names(objects_.routes[b]))
        if (ir::intersect(one, other)) return true;
    return false;
  }

  void take_off(std::size_t route, std::uint32_t listener) {
    for (Attachment& one : out_[route]) {
      std::erase(one.listeners, listener);
      if (one.listeners.empty() && one.reason.empty()) one.reason = "NotAllowedByListeners";
    }
  }

  void tell_unknown(const RouteObject& route, const ParentRef& ref) {
    report(diagnostics_, ir::Code::RouteNotAttached, ref.origin,
           route.kind + " `" + name_of(route.meta) + "` is not attached to " + ref.kind + " `" + ref.namespace_name + "/" + ref.name +
               "` (NoMatchingParent: the input has no such " + ref.kind + ")");
  }

  void tell(const RouteObject& route, const Attachment& one) {
    const ir::Span place = one.ref ? one.ref->origin : route.meta.origin;
    const std::string why = one.reason == "NoMatchingParent" ? "NoMatchingParent: no listener of that sectionName and port" : one.reason;
    report(diagnostics_, ir::Code::RouteNotAttached, place,
           route.kind + " `" + name_of(route.meta) + "` is not attached to " + one.parent.kind + " `" + one.parent.namespace_name + "/" +
               one.parent.name + "` (Accepted=False, " + why + ")");
  }

  const GatewayObjects& objects_;
  const ResolvedListeners& listeners_;
  const ir::Cluster& cluster_;
  ir::Diagnostics& diagnostics_;
  Parents parents_;
  std::vector<std::vector<Attachment>> out_;
};

}  // namespace

std::vector<std::vector<Attachment>> attach_routes(const GatewayObjects& objects, const ResolvedListeners& listeners,
                                                   const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  return Attacher(objects, listeners, cluster, diagnostics).run();
}

}  // namespace weir::compiler
