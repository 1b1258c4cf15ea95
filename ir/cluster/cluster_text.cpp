#include "ir/cluster/cluster.h"

namespace weir::ir {
namespace {

std::string join(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) text += (text.empty() ? "" : ",") + to_text(address);
  return text.empty() ? "no address" : text;
}

/// Of a remote cluster: "@name".
std::string at(const std::string& cluster) { return cluster.empty() ? "" : "@" + cluster; }

std::string pod_text(const Pod& pod) {
  std::string text = "pod" + at(pod.cluster) + " " + pod.namespace_name + "/" + pod.name + " of " + pod.workload.kind + "/" + pod.workload.name;
  text += ", " + join(pod.addresses) + ", node " + (pod.node.empty() || pod.node.back() == '/' ? "unknown" : pod.node);
  if (pod.host_network) text += ", host network";
  if (pod.from_template) text += ", from template";
  if (!pod.ready) text += ", not ready";
  if (pod.egress_bandwidth) text += ", egress " + std::to_string(*pod.egress_bandwidth) + " bit/s";
  if (pod.ingress_bandwidth) text += ", ingress " + std::to_string(*pod.ingress_bandwidth) + " bit/s";
  return text + "\n  " + to_text(pod.labels) + "\n";
}

std::string service_text(const Service& service) {
  std::string text = "service" + at(service.cluster) + " " + service.namespace_name + "/" + service.name + ", " + join(service.cluster_ips);
  for (const ServicePort& port : service.ports)
    text += ", " + std::to_string(port.port) + "/" + to_text(port.protocol) + " to " +
            (port.target.empty() ? std::to_string(port.port) : port.target);
  if (!service.endpoints.empty()) text += ", endpoints " + join(service.endpoints);
  if (service.global) text += ", global";
  if (service.affinity != Affinity::None) text += service.affinity == Affinity::Local ? ", affinity local" : ", affinity remote";
  return text + (service.selector ? "\n" : ", no selector\n");
}

}  // namespace

std::string to_text(const Cluster& cluster) {
  std::string text;
  for (const auto& [key, value] : to_pairs(cluster.settings)) text += "set " + key + "=" + value + "\n";
  for (const Namespace& item : cluster.namespaces) text += "namespace" + at(item.cluster) + " " + item.name + "\n";
  for (const Node& node : cluster.nodes) text += "node" + at(node.cluster) + " " + node.name + ", " + join(node.addresses) + "\n";
  for (const Pod& pod : cluster.pods) text += pod_text(pod);
  for (const Service& service : cluster.services) text += service_text(service);
  for (const IpAddress& address : cluster.api_servers) text += "kube-apiserver " + to_text(address) + "\n";
  for (const auto& [name, addresses] : cluster.names) text += "name " + name + ", " + join(addresses) + "\n";
  return text;
}

}  // namespace weir::ir
