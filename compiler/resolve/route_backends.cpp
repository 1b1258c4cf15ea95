#include "compiler/resolve/route_backends.h"

#include <algorithm>

#include "compiler/resolve/grants.h"
#include "ir/base/code.h"
#include "ir/cluster/service_target.h"

namespace weir::compiler {
namespace {

void invalid(ir::Backend& out, std::string_view reason, std::string detail, ir::Diagnostics& diagnostics, std::string fix = {}) {
  out.invalid = std::string(reason);
  diagnostics.report({.kind = ir::Code::BackendInvalid, .primary = out.origin,
                      .detail = std::move(detail) + " (ResolvedRefs=False, " + std::string(reason) + ")",
                      .labels = {}, .notes = {"its share of the requests is answered with status 500"}, .fix = std::move(fix),
                      .witness = {}});
}

std::string ports_of(const ir::Service& service) {
  std::string text;
  for (const ir::ServicePort& port : service.ports) text += (text.empty() ? "" : ", ") + std::to_string(port.port);
  return text.empty() ? "none" : text;
}

/// "shop/web-abc"; of another cluster "west/shop/web-abc".
std::string pod_name(const ir::Pod& pod) {
  return (pod.cluster.empty() ? "" : pod.cluster + "/") + pod.namespace_name + "/" + pod.name;
}

// gateway.md 33; an address that no pod of the input has may be anything, so nothing is said about it.
void add_pods(const ir::Service& service, const ir::ServicePort& port, const ir::Cluster& cluster, ir::Backend& out,
              ir::Diagnostics& diagnostics) {
  const bool selectorless = !service.selector || service.selector->empty();
  const auto backends = ir::backends(cluster, service, port);
  const bool strangers = std::any_of(backends.begin(), backends.end(), [](const ir::ServiceBackend& b) { return !b.pod; });
  if (strangers || cluster.pods.empty() || (selectorless && backends.empty())) {
    out.endpoints_known = false;
    return;
  }
  for (const ir::ServiceBackend& backend : backends) {
    out.pods.push_back(pod_name(cluster.pod(*backend.pod)));
    out.pod_ports.push_back(backend.port);
  }
  if (out.pods.empty())
    diagnostics.report({.kind = ir::Code::BackendWithoutPods, .primary = out.origin,
                        .detail = "no ready pod stands behind `" + out.namespace_name + "/" + out.service + ":" +
                                  std::to_string(out.port) + "`",
                        .labels = {{service.origin, "the Service"}},
                        .notes = {"its share of the requests is answered with status 503"}, .fix = {}, .witness = {}});
}

/// The Service's port of that number that can carry the route's protocol, or null after a report.
const ir::ServicePort* find_port(const ir::Service& service, const RouteObject& route, ir::Backend& out, ir::Diagnostics& diagnostics) {
  const ir::Protocol wanted = route.kind == "UDPRoute" ? ir::Protocol::Udp : ir::Protocol::Tcp;
  const ir::ServicePort* other = nullptr;
  for (const ir::ServicePort& port : service.ports) {
    if (port.port != out.port) continue;
    if (port.protocol == wanted) return &port;
    other = &port;
  }
  const std::string where = "Service `" + out.namespace_name + "/" + out.service + "` ";
  if (other != nullptr)
    invalid(out, "UnsupportedProtocol", where + "port " + std::to_string(out.port) + " is not " + std::string(ir::to_text(wanted)), diagnostics);
  else
    invalid(out, "BackendNotFound",
            where + "has no port " + std::to_string(out.port) + "; its ports are " + ports_of(service), diagnostics);
  return nullptr;
}

void look_up(const RouteObject& route, const BackendScope& scope, ir::Backend& out, ir::Diagnostics& diagnostics) {
  const ir::Service* service = scope.cluster.find_service(out.namespace_name, out.service);
  if (service == nullptr)
    return invalid(out, "BackendNotFound", "there is no Service `" + out.namespace_name + "/" + out.service + "`", diagnostics);
  const ir::ServicePort* port = find_port(*service, route, out, diagnostics);
  if (port == nullptr) return;
  out.app_protocol = port->app_protocol;
  scope.tls.apply(out, *service, *port);
  add_pods(*service, *port, scope.cluster, out, diagnostics);
}

}  // namespace

ir::Backend resolve_backend(const BackendName& ref, const RouteObject& route, const BackendScope& scope, ir::Diagnostics& diagnostics) {
  ir::Backend out;
  out.namespace_name = ref.namespace_name;
  out.service = ref.name;
  out.port = ref.port.value_or(0);
  out.origin = ref.origin;
  const Reference reference{route.kind, route.meta.namespace_name, ref.group, ref.kind, ref.namespace_name, ref.name};
  // gateway.md 30, in this order: a foreign object is never said to exist or not.
  const bool imported = ref.group == "multicluster.x-k8s.io" && ref.kind == "ServiceImport";
  if (!imported && (!ref.group.empty() || ref.kind != "Service")) {
    invalid(out, "InvalidKind", "a backend of kind `" + (ref.group.empty() ? "" : ref.group + "/") + ref.kind +
                                    "` is none a gateway can send requests to", diagnostics);
  } else if (!permitted(scope.objects, reference)) {
    invalid(out, "RefNotPermitted", "`" + ref.namespace_name + "/" + ref.name + "` is in another namespace, and no " +
                                        "ReferenceGrant permits it", diagnostics, grant_for(reference));
  } else if (imported) {
    out.endpoints_known = false;  // the clusters behind a ServiceImport are not in the input
  } else {
    look_up(route, scope, out, diagnostics);
  }
  return out;
}

}  // namespace weir::compiler
