#include "compiler/resolve/cluster.h"

#include <algorithm>
#include <set>

#include "compiler/resolve/workloads.h"

namespace weir::compiler {
namespace {

template <class T>
void sort_by_name(std::vector<T>& list) {
  std::stable_sort(list.begin(), list.end(), [](const T& a, const T& b) {
    return std::tie(a.namespace_name, a.name) < std::tie(b.namespace_name, b.name);
  });
}

/// Every namespace that an object stands in.
std::set<std::string> used_namespaces(const Objects& objects) {
  std::set<std::string> names;
  const auto add = [&](const auto& list) {
    for (const auto& object : list) names.insert(object.meta.namespace_name);
  };
  add(objects.inventory.pods);
  add(objects.inventory.workloads);
  add(objects.inventory.services);
  add(objects.policies.network_policies);
  add(objects.policies.cilium_network_policies);
  for (const GatewayObject& gateway : objects.gateway.gateways) names.insert(gateway.meta.namespace_name);
  for (const HttpRouteObject& route : objects.gateway.http_routes) names.insert(route.meta.namespace_name);
  return names;
}

void add_namespaces(const Objects& objects, ir::Cluster& cluster) {
  std::set<std::string> names = used_namespaces(objects);
  for (const NamespaceObject& object : objects.inventory.namespaces) {
    cluster.namespaces.push_back({object.meta.name, object.meta.labels, object.meta.annotations, object.meta.origin, {}});
    names.erase(object.meta.name);
  }
  for (const std::string& name : names) cluster.namespaces.push_back({name, {}, {}, {}, {}});
  // policy.md 1.2: Kubernetes adds this label by itself.
  for (ir::Namespace& space : cluster.namespaces) space.labels["kubernetes.io/metadata.name"] = space.name;
  std::stable_sort(cluster.namespaces.begin(), cluster.namespaces.end(),
                   [](const ir::Namespace& a, const ir::Namespace& b) { return a.name < b.name; });
}

void set_spec(const PodSpec& spec, const Bandwidth& bandwidth, const ir::Cluster& cluster, ir::Pod& pod) {
  pod.node = spec.node;
  pod.service_account = spec.service_account;
  pod.host_network = spec.host_network;
  for (const ContainerPortSpec& port : spec.ports) pod.ports.push_back({port.name, port.protocol, port.port});
  pod.egress_bandwidth = bandwidth.egress;
  pod.ingress_bandwidth = bandwidth.ingress;
  // policy.md 1.4: a host-network pod has no identity of its own.
  if (!pod.host_network)
    pod.labels = ir::identity_labels(cluster, pod.namespace_name, pod.pod_labels, pod.service_account);
}

void add_pods(const InventoryObjects& inventory, ir::Cluster& cluster) {
  for (const PodObject& object : inventory.pods) {
    if (object.finished) continue;
    ir::Pod pod;
    pod.namespace_name = object.meta.namespace_name;
    pod.name = object.meta.name;
    pod.workload = workload_of(object);
    pod.pod_labels = object.meta.labels;
    pod.addresses = object.addresses;
    pod.ready = object.ready;
    pod.origin = object.meta.origin;
    set_spec(object.spec, object.bandwidth, cluster, pod);
    cluster.pods.push_back(std::move(pod));
  }
}

/// NAME-0, or the first number that is free.
std::string made_name(const std::string& name, const std::set<std::pair<std::string, std::string>>& taken,
                      const std::string& space) {
  for (int number = 0;; ++number) {
    const std::string candidate = name + "-" + std::to_string(number);
    if (!taken.contains({space, candidate})) return candidate;
  }
}

void add_made_pods(const InventoryObjects& inventory, ir::Cluster& cluster) {
  std::set<std::pair<std::string, std::string>> taken;
  for (const ir::Pod& pod : cluster.pods) taken.emplace(pod.namespace_name, pod.name);
  for (const WorkloadObject* object : without_pods(inventory)) {
    ir::Pod pod;
    pod.namespace_name = object->meta.namespace_name;
    pod.workload = top_workload(*object);
    pod.name = made_name(pod.workload.name, taken, pod.namespace_name);
    taken.emplace(pod.namespace_name, pod.name);
    pod.pod_labels = object->template_labels;
    pod.from_template = true;
    pod.origin = object->meta.origin;
    set_spec(object->spec, object->bandwidth, cluster, pod);
    cluster.pods.push_back(std::move(pod));
  }
}

ir::Service to_service(const ServiceObject& object) {
  ir::Service service;
  service.namespace_name = object.meta.namespace_name;
  service.name = object.meta.name;
  service.type = object.type;
  service.selector = object.selector;
  service.cluster_ips = object.cluster_ips;
  service.labels = object.meta.labels;
  service.origin = object.meta.origin;
  for (const ServicePortSpec& port : object.ports)
    service.ports.push_back({port.name, port.protocol, port.port, port.target, port.app_protocol});
  return service;
}

}  // namespace

ir::Cluster resolve_cluster(const Objects& objects, const ir::Settings& settings) {
  ir::Cluster cluster;
  cluster.settings = settings;
  add_namespaces(objects, cluster);
  add_pods(objects.inventory, cluster);
  add_made_pods(objects.inventory, cluster);
  sort_by_name(cluster.pods);
  for (const NodeObject& node : objects.inventory.nodes)
    cluster.nodes.push_back({node.meta.name, node.meta.labels, node.addresses, node.meta.origin, {}});
  std::stable_sort(cluster.nodes.begin(), cluster.nodes.end(),
                   [](const ir::Node& a, const ir::Node& b) { return a.name < b.name; });
  for (const ServiceObject& service : objects.inventory.services) cluster.services.push_back(to_service(service));
  sort_by_name(cluster.services);
  return cluster;
}

}  // namespace weir::compiler
