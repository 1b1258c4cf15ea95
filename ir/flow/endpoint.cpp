#include "ir/flow/endpoint.h"

#include <algorithm>
#include <cctype>

namespace weir::ir {
namespace {

/// The inventory's nearest name, for the help of a message.
std::string known_pods(const Cluster& cluster, const Party& party) {
  std::string text;
  for (const Pod& pod : cluster.pods) {
    if (pod.namespace_name != party.namespace_name || pod.cluster != party.cluster || text.size() > 120) continue;
    text += (text.empty() ? "; the namespace has " : ", ") + pod.name;
  }
  return text.empty() ? "; the inventory has no pod in this namespace" : text;
}

std::string name_of(const Party& party) {
  return "`" + (party.cluster.empty() ? "" : party.cluster + "/") + party.namespace_name + "/" + party.name + "`";
}

Result<Endpoint> pod_endpoint(const Cluster& cluster, const Party& party) {
  if (const auto id = cluster.find_pod(party.namespace_name, party.name, party.cluster)) return endpoint_of(cluster, *id);
  return failure("no pod " + name_of(party) + known_pods(cluster, party), 2);
}

Result<Endpoint> workload_endpoint(const Cluster& cluster, const Party& party) {
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    if (pod.namespace_name == party.namespace_name && pod.workload.name == party.name && pod.cluster == party.cluster) return endpoint_of(cluster, PodId{i});
  }
  return failure("no workload " + name_of(party) + known_pods(cluster, party), 2);
}

Endpoint hypothetical_pod(const Cluster& cluster, const Party& party) {
  Endpoint endpoint{.kind = EndpointKind::Pod};
  endpoint.labels = identity_labels(cluster, party.namespace_name, party.labels, "default", party.cluster);
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
  // An API server outside shows the same, beside world.
  // policy.md 1.7: identity 7 is an API server on a node of the cluster.
  if (party.name == "kube-apiserver") endpoint.labels.set({"reserved", "remote-node", ""});
  return endpoint;
}

/// What stands behind a DNS name: its first known address, of the other end's family when there is one.
Endpoint named_endpoint(const Cluster& cluster, const Party& party, const Endpoint* other) {
  std::string name = party.name;
  while (name.ends_with('.')) name.pop_back();
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const IpFamily family = other && other->address ? other->address->family : IpFamily::V4;
  Endpoint endpoint;
  endpoint.labels = world_labels(cluster.settings, family);
  if (const auto known = cluster.names.find(name); known != cluster.names.end() && !known->second.empty()) {
    const auto& all = known->second;
    const auto best = std::find_if(all.begin(), all.end(), [&](const IpAddress& a) { return a.family == family; });
    endpoint = endpoint_of(cluster, best == all.end() ? all.front() : *best);
  }
  if (endpoint.kind == EndpointKind::Other) endpoint.dns_names.push_back(name);
  std::sort(endpoint.dns_names.begin(), endpoint.dns_names.end());
  endpoint.dns_names.erase(std::unique(endpoint.dns_names.begin(), endpoint.dns_names.end()), endpoint.dns_names.end());
  endpoint.name = name;
  return endpoint;
}

}  // namespace

Endpoint node_endpoint(const Cluster& cluster, const std::string& name) {
  Endpoint endpoint{.kind = EndpointKind::Node};
  const Node* node = cluster.find_node(name);
  endpoint.node = name;
  endpoint.name = "node " + name;
  endpoint.labels = node_labels(cluster, node);
  // policy.md 2.5: rules on nodes select the labels of the Node object.
  endpoint.host_labels.set({"reserved", "host", ""});
  if (node != nullptr)
    for (const auto& [key, value] : node->labels) endpoint.host_labels.set({"k8s", key, value});
  return endpoint;
}

std::vector<std::string> names_of(const Cluster& cluster, const IpAddress& address) {
  std::vector<std::string> names;
  for (const auto& [name, addresses] : cluster.names)
    if (std::find(addresses.begin(), addresses.end(), address) != addresses.end()) names.push_back(name);
  return names;
}

Endpoint endpoint_of(const Cluster& cluster, PodId id) {
  const Pod& pod = cluster.pod(id);
  Endpoint endpoint{.kind = EndpointKind::Pod};
  if (pod.host_network) endpoint = node_endpoint(cluster, pod.node);
  endpoint.labels = pod.host_network ? endpoint.labels : pod.labels;
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
    endpoint = node_endpoint(cluster, node->name);
  } else {
    endpoint.labels = outside_labels(cluster, address);
    endpoint.name = to_text(address);
    endpoint.dns_names = names_of(cluster, address);
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
  return named_endpoint(cluster, party, other);
}

}  // namespace weir::ir
