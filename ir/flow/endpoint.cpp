#include "ir/flow/endpoint.h"

#include <algorithm>

namespace weir::ir {
namespace {

/// The inventory's nearest name, for the help of a message.
std::string known_pods(const Cluster& cluster, std::string_view namespace_name) {
  std::string text;
  for (const Pod& pod : cluster.pods) {
    if (pod.namespace_name != namespace_name || text.size() > 120) continue;
    text += (text.empty() ? "; the namespace has " : ", ") + pod.name;
  }
  return text.empty() ? "; the inventory has no pod in this namespace" : text;
}

Result<Endpoint> pod_endpoint(const Cluster& cluster, const Party& party) {
  if (const auto id = cluster.find_pod(party.namespace_name, party.name)) return endpoint_of(cluster, *id);
  return failure("no pod `" + party.namespace_name + "/" + party.name + "`" + known_pods(cluster, party.namespace_name), 2);
}

Result<Endpoint> workload_endpoint(const Cluster& cluster, const Party& party) {
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    if (pod.namespace_name == party.namespace_name && pod.workload.name == party.name) return endpoint_of(cluster, PodId{i});
  }
  return failure("no workload `" + party.namespace_name + "/" + party.name + "`" + known_pods(cluster, party.namespace_name), 2);
}

Endpoint hypothetical_pod(const Cluster& cluster, const Party& party) {
  Endpoint endpoint{.kind = EndpointKind::Pod};
  endpoint.labels = identity_labels(cluster, party.namespace_name, party.labels, "default");
  endpoint.name = to_text(party);
  return endpoint;
}

Endpoint entity_endpoint(const Cluster& cluster, const Party& party, const Endpoint* other) {
  Endpoint endpoint;
  endpoint.name = party.name;
  if (party.name == "host" || party.name == "remote-node") {
    endpoint.kind = EndpointKind::Node;
    // A name no node has makes it a remote one for every subject.
    endpoint.node = party.name == "host" ? (other ? other->node : std::string()) : "(another node)";
    return endpoint;
  }
  if (party.name == "world") {
    // Without an address no CIDR matches. In dual stack the family follows the other end (policy.md 1.5).
    endpoint.labels = world_labels(cluster.settings, other && other->address ? other->address->family : IpFamily::V4);
    return endpoint;
  }
  endpoint.labels.set({"reserved", party.name, ""});
  // policy.md 1.7: identity 7 is an API server on a node of the cluster.
  if (party.name == "kube-apiserver") endpoint.labels.set({"reserved", "remote-node", ""});
  return endpoint;
}

}  // namespace

Endpoint endpoint_of(const Cluster& cluster, PodId id) {
  const Pod& pod = cluster.pod(id);
  Endpoint endpoint{.kind = pod.host_network ? EndpointKind::Node : EndpointKind::Pod};
  endpoint.labels = pod.labels;
  endpoint.node = pod.node;
  endpoint.name = pod.namespace_name + "/" + pod.name;
  if (!pod.addresses.empty()) endpoint.address = pod.addresses.front();
  return endpoint;
}

Endpoint endpoint_of(const Cluster& cluster, const IpAddress& address) {
  Endpoint endpoint;
  if (const auto id = cluster.pod_at(address)) {
    endpoint = endpoint_of(cluster, *id);
  } else if (const Node* node = cluster.node_at(address)) {
    endpoint.kind = EndpointKind::Node;
    endpoint.node = node->name;
    endpoint.name = "node " + node->name;
  } else {
    endpoint.labels = world_labels(cluster.settings, address.family);
    endpoint.name = to_text(address);
  }
  endpoint.address = address;
  return endpoint;
}

Result<Endpoint> endpoint_of(const Cluster& cluster, const Party& party, const Endpoint* other) {
  switch (party.kind) {
    case PartyKind::Pod: return pod_endpoint(cluster, party);
    case PartyKind::Workload: return workload_endpoint(cluster, party);
    case PartyKind::Labels: return hypothetical_pod(cluster, party);
    case PartyKind::Ip: return endpoint_of(cluster, *party.address);
    case PartyKind::Entity: return entity_endpoint(cluster, party, other);
    case PartyKind::Fqdn: break;
  }
  return failure("`fqdn:" + party.name + "` needs FQDN rules, which weir does not read yet", 3);
}

}  // namespace weir::ir
