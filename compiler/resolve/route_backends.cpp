#include "compiler/resolve/route_backends.h"

#include <algorithm>

#include "ir/cluster/service_target.h"

namespace weir::compiler {
namespace {

void invalid(ir::Backend& out, std::string_view reason, std::string detail, ir::Diagnostics& diagnostics) {
  out.invalid = std::string(reason);
  diagnostics.report({.kind = ir::Code::BackendInvalid, .primary = out.origin,
                      .detail = std::move(detail) + " (ResolvedRefs=False, " + std::string(reason) + ")",
                      .labels = {}, .notes = {"its share of the requests is answered with status 500"}, .fix = {},
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

/// The Service's port of that number that can carry HTTP, or null after a report.
const ir::ServicePort* find_port(const ir::Service& service, ir::Backend& out, ir::Diagnostics& diagnostics) {
  const ir::ServicePort* other = nullptr;
  for (const ir::ServicePort& port : service.ports) {
    if (port.port != out.port) continue;
    if (port.protocol == ir::Protocol::Tcp) return &port;
    other = &port;
  }
  const std::string where = "Service `" + out.namespace_name + "/" + out.service + "` ";
  if (other != nullptr)
    invalid(out, "UnsupportedProtocol", where + "port " + std::to_string(out.port) + " is not TCP", diagnostics);
  else
    invalid(out, "BackendNotFound",
            where + "has no port " + std::to_string(out.port) + "; its ports are " + ports_of(service), diagnostics);
  return nullptr;
}

}  // namespace

ir::Backend resolve_backend(const BackendRef& ref, const ObjectMeta& route, const ir::Cluster& cluster,
                            ir::Diagnostics& diagnostics) {
  ir::Backend out;
  out.namespace_name = ref.namespace_name;
  out.service = ref.name;
  out.port = ref.port.value_or(0);
  out.weight = ref.weight;
  out.origin = ref.origin;
  // gateway.md 30, in this order: a foreign object is never said to exist or not.
  if (!ref.group.empty() || ref.kind != "Service") {
    invalid(out, "InvalidKind", "a backend of kind `" + (ref.group.empty() ? "" : ref.group + "/") + ref.kind +
                                    "` is none a gateway can send requests to", diagnostics);
  } else if (ref.namespace_name != route.namespace_name) {
    invalid(out, "RefNotPermitted", "`" + ref.namespace_name + "/" + ref.name + "` is in another namespace, and no " +
                                        "ReferenceGrant permits it", diagnostics);
  } else if (const ir::Service* service = cluster.find_service(ref.namespace_name, ref.name)) {
    if (const ir::ServicePort* port = find_port(*service, out, diagnostics))
      add_pods(*service, *port, cluster, out, diagnostics);
  } else {
    invalid(out, "BackendNotFound", "there is no Service `" + ref.namespace_name + "/" + ref.name + "`", diagnostics);
  }
  return out;
}

}  // namespace weir::compiler
