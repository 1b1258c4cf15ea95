#include "compiler/resolve/gateway_addresses.h"

#include <algorithm>

namespace weir::compiler {
namespace {

/// The names that controllers give the Service of a Gateway: Cilium "cilium-gateway-NAME", Istio "NAME-CLASS".
std::vector<std::string> service_names(const GatewayObject& gateway) {
  return {"cilium-gateway-" + gateway.meta.name, gateway.meta.name + "-" + gateway.class_name};
}

std::vector<ir::IpAddress> addresses_of(const GatewayObject& gateway, const ir::Cluster& cluster) {
  std::vector<ir::IpAddress> out = gateway.addresses;
  for (const std::string& name : service_names(gateway))
    if (const ir::Service* service = cluster.find_service(gateway.meta.namespace_name, name))
      out.insert(out.end(), service->cluster_ips.begin(), service->cluster_ips.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

void add_gateway_addresses(const GatewayObjects& objects, const ir::Cluster& cluster, ir::RouteTable& table) {
  for (const GatewayObject& gateway : objects.gateways) {
    const auto addresses = addresses_of(gateway, cluster);
    for (ir::Listener& listener : table.listeners)
      if (listener.gateway_namespace == gateway.meta.namespace_name && listener.gateway == gateway.meta.name)
        listener.addresses = addresses;
  }
}

}  // namespace weir::compiler
