#include "compiler/lower/owners.h"

#include "ir/flow/endpoint.h"

namespace weir::compiler {

ir::Endpoint pod_endpoint(const ir::Pod& pod) {
  ir::Endpoint endpoint;
  endpoint.kind = ir::EndpointKind::Pod;
  endpoint.labels = pod.labels;
  endpoint.node = pod.node;
  endpoint.name = pod.namespace_name + "/" + pod.name;
  return endpoint;
}

Owners::Owners(const ir::Cluster& cluster) : cluster_(cluster) {
  for (const ir::Pod& pod : cluster.pods)
    for (const ir::IpAddress& address : pod.addresses)
      if (!pod.host_network) owners_.emplace(address, Owner{&pod, {}});
  for (const ir::Node& node : cluster.nodes)
    for (const ir::IpAddress& address : node.addresses) owners_.emplace(address, Owner{nullptr, node.name});
  for (const ir::Pod& pod : cluster.pods)
    for (const ir::IpAddress& address : pod.addresses)
      if (pod.host_network) owners_.emplace(address, Owner{nullptr, pod.node});
}

ir::Endpoint Owners::endpoint(const ir::IpAddress& address) const {
  const auto found = owners_.find(address);
  ir::Endpoint endpoint;
  if (found == owners_.end()) {
    endpoint.labels = ir::outside_labels(cluster_, address);
    endpoint.name = to_text(address);
    endpoint.dns_names = ir::names_of(cluster_, address);
  } else if (found->second.pod != nullptr) {
    endpoint = pod_endpoint(*found->second.pod);
  } else {
    endpoint = ir::node_endpoint(cluster_, found->second.node);
  }
  endpoint.address = address;
  return endpoint;
}

}  // namespace weir::compiler
