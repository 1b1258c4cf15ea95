#include "compiler/resolve/cluster.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "compiler/api/secret.h"
#include "compiler/resolve/services.h"
#include "compiler/resolve/sort_moving.h"
#include "compiler/resolve/used_ports.h"
#include "compiler/resolve/workloads.h"

namespace weir::compiler {
namespace {

using Place = std::pair<std::string, std::string>;  // cluster, namespace

template <class T>
void sort_by_name(std::vector<T>& list) {
  sort_moving(list, [](const T& a, const T& b) {
    return std::tie(a.cluster, a.namespace_name, a.name) < std::tie(b.cluster, b.namespace_name, b.name);
  });
}

/// Every namespace that an object stands in.
std::set<Place> used_namespaces(const Objects& objects) {
  std::set<Place> places;
  const auto add = [&](const auto& list) {
    const ObjectMeta* last = nullptr;
    for (const auto& object : list) {
      // Most objects stand beside one of their namespace.
      const bool same = last && last->namespace_name == object.meta.namespace_name && last->cluster == object.meta.cluster;
      last = &object.meta;
      if (!same) places.emplace(last->cluster, last->namespace_name);
    }
  };
  add(objects.inventory.pods);
  add(objects.inventory.workloads);
  add(objects.inventory.services);
  add(objects.policies.network_policies);
  add(objects.policies.cilium_network_policies);
  add(objects.gateway.gateways);
  add(objects.gateway.routes);
  std::erase_if(places, [](const Place& place) { return place.second.empty(); });  // of cluster-wide policies
  return places;
}

void add_namespaces(const Objects& objects, ir::Cluster& cluster) {
  std::set<Place> places = used_namespaces(objects);
  for (const NamespaceObject& object : objects.inventory.namespaces) {
    const ObjectMeta& meta = object.meta;
    cluster.namespaces.push_back({meta.name, meta.labels, meta.annotations, meta.origin, meta.cluster});
    places.erase({meta.cluster, meta.name});
  }
  for (const auto& [name, space] : places) cluster.namespaces.push_back({space, {}, {}, {}, name});
  // policy.md 1.2: Kubernetes adds this label by itself.
  for (ir::Namespace& space : cluster.namespaces) space.labels["kubernetes.io/metadata.name"] = space.name;
  std::stable_sort(cluster.namespaces.begin(), cluster.namespaces.end(), [](const ir::Namespace& a, const ir::Namespace& b) {
    return std::tie(a.cluster, a.name) < std::tie(b.cluster, b.name);
  });
}

/// policy.md 1.4: the nodes of other clusters are remote nodes to everybody here, so no two nodes may share a name. A pod
/// of another cluster whose node is not known is on none of ours.
std::string node_name(const std::string& cluster, const std::string& name) { return cluster.empty() ? name : cluster + "/" + name; }

/// Pods are made against the namespaces and the port names that policies use.
struct PodMaker {
  const ir::Cluster& cluster;
  const std::set<std::string> port_names;

  ir::Pod make(const ObjectMeta& meta, const StringMap& labels, const PodSpec& spec, const Bandwidth& bandwidth) const {
    ir::Pod pod;
    pod.cluster = meta.cluster;
    pod.namespace_name = meta.namespace_name;
    pod.pod_labels = labels;
    pod.origin = meta.origin;
    pod.node = node_name(meta.cluster, spec.node);
    pod.service_account = spec.service_account;
    pod.host_network = spec.host_network;
    for (const ContainerPortSpec& port : spec.ports) pod.ports.push_back({port.name, port.protocol, port.port});
    pod.egress_bandwidth = bandwidth.egress;
    pod.ingress_bandwidth = bandwidth.ingress;
    // policy.md 1.4: a host-network pod has no identity of its own.
    if (pod.host_network) return pod;
    pod.labels = ir::identity_labels(cluster, pod.namespace_name, pod.pod_labels, pod.service_account, pod.cluster);
    add_port_labels(port_names, pod);
    return pod;
  }
};

void add_pods(const InventoryObjects& inventory, const PodMaker& maker, std::vector<ir::Pod>& out) {
  out.reserve(inventory.pods.size());
  for (const PodObject& object : inventory.pods) {
    if (object.finished) continue;
    ir::Pod pod = maker.make(object.meta, object.meta.labels, object.spec, object.bandwidth);
    pod.name = object.meta.name;
    pod.workload = workload_of(object);
    pod.addresses = object.addresses;
    pod.ready = object.ready;
    out.push_back(std::move(pod));
  }
}

using PodKey = std::tuple<std::string, std::string, std::string>;  // cluster, namespace, name

/// NAME-0, or the first number that is free.
std::string made_name(const ir::Pod& pod, std::set<PodKey>& taken) {
  for (int number = 0;; ++number) {
    std::string candidate = pod.workload.name + "-" + std::to_string(number);
    if (taken.emplace(pod.cluster, pod.namespace_name, candidate).second) return candidate;
  }
}

void add_made_pods(const InventoryObjects& inventory, const PodMaker& maker, std::vector<ir::Pod>& out) {
  const auto workloads = without_pods(inventory);
  if (workloads.empty()) return;
  std::set<PodKey> taken;
  for (const ir::Pod& pod : out) taken.emplace(pod.cluster, pod.namespace_name, pod.name);
  for (const WorkloadObject* object : workloads) {
    ir::Pod pod = maker.make(object->meta, object->template_labels, object->spec, object->bandwidth);
    pod.workload = top_workload(*object);
    pod.name = made_name(pod, taken);
    pod.from_template = true;
    out.push_back(std::move(pod));
  }
}

void add_nodes(const InventoryObjects& inventory, ir::Cluster& cluster) {
  for (const NodeObject& node : inventory.nodes) {
    const ObjectMeta& meta = node.meta;
    cluster.nodes.push_back({node_name(meta.cluster, meta.name), meta.labels, node.addresses, meta.origin, meta.cluster});
  }
  std::stable_sort(cluster.nodes.begin(), cluster.nodes.end(), [](const ir::Node& a, const ir::Node& b) {
    return std::tie(a.cluster, a.name) < std::tie(b.cluster, b.name);
  });
}

/// Every name of NAME=PATH under which an object was found.
std::vector<std::string> remote_names(const Objects& objects, const ir::Cluster& cluster) {
  std::set<std::string> names;
  for (const ir::Namespace& space : cluster.namespaces) names.insert(space.cluster);
  for (const ir::Node& node : cluster.nodes) names.insert(node.cluster);
  for (const CiliumNetworkPolicy& policy : objects.policies.cilium_network_policies) names.insert(policy.meta.cluster);
  for (const AdminPolicy& policy : objects.policies.admin_policies) names.insert(policy.meta.cluster);
  names.erase("");
  return {names.begin(), names.end()};
}

/// Only those that a rule of these policies names.
void add_secrets(const Objects& objects, ir::Cluster& cluster) {
  const auto wanted = secret_names(objects.policies);
  for (const SecretObject& secret : objects.inventory.secrets)
    if (const ir::SecretName name{secret.meta.namespace_name, secret.meta.name}; secret.value && wanted.contains(name))
      cluster.secrets.emplace(name, *secret.value);
}

}  // namespace

ir::Cluster resolve_cluster(const Objects& objects, const ir::Settings& settings) {
  ir::Cluster cluster;
  cluster.settings = settings;
  add_namespaces(objects, cluster);
  std::vector<ir::Pod> pods;
  const PodMaker maker{cluster, used_port_names(objects.policies)};
  add_pods(objects.inventory, maker, pods);
  add_made_pods(objects.inventory, maker, pods);
  sort_by_name(pods);
  cluster.pods = std::move(pods);
  add_nodes(objects.inventory, cluster);
  cluster.services = resolve_services(objects.inventory);
  sort_by_name(cluster.services);
  cluster.api_servers = api_servers(objects.inventory);
  add_secrets(objects, cluster);
  cluster.remotes = remote_names(objects, cluster);
  return cluster;
}

}  // namespace weir::compiler
