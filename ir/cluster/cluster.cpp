#include "ir/cluster/cluster.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace weir::ir {
namespace {

bool starts_with_any(std::string_view key, const auto& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) { return key.starts_with(prefix); });
}

// policy.md 1.3, from pkg/labelsfilter of Cilium: the first list wins over the second.
constexpr std::array<std::string_view, 1> kIncluded = {"app.kubernetes.io"};
constexpr std::array<std::string_view, 14> kExcluded = {
    "io.kubernetes", "kubernetes.io", "k8s.io", "topology.kubernetes.io", "pod-template-generation", "pod-template-hash",
    "controller-revision-hash", "controller-uid", "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
    "annotation", "etcd_node"};

}  // namespace

bool is_identity_label(const Settings& settings, std::string_view key) {
  if (settings.dialect == Dialect::K8s) return true;
  if (starts_with_any(key, kIncluded)) return true;
  return !starts_with_any(key, kExcluded) && key.find("beta.kubernetes.io") == std::string_view::npos;
}

// policy.md 1.2: the derived labels come last, so that a pod label of the same name never overrides them (10.2).
LabelSet identity_labels(const Cluster& cluster, std::string_view namespace_name,
                         const std::map<std::string, std::string>& pod_labels, std::string_view service_account,
                         std::string_view cluster_name) {
  LabelSet set;
  const Namespace* found = cluster.find_namespace(namespace_name, cluster_name);
  set.labels.reserve(pod_labels.size() + (found ? found->labels.size() : 0) + 4);
  for (const auto& [key, value] : pod_labels)
    if (is_identity_label(cluster.settings, key)) set.set({"k8s", key, value});
  if (found)
    for (const auto& [key, value] : found->labels) set.set({"k8s", std::string(kNamespaceLabelPrefix) + key, value});
  // Kubernetes adds this label to every namespace by itself.
  set.set({"k8s", std::string(kNamespaceLabelPrefix) + "kubernetes.io/metadata.name", std::string(namespace_name)});
  set.set({"k8s", std::string(kNamespaceKey), std::string(namespace_name)});
  set.set({"k8s", std::string(kClusterKey), cluster_name.empty() ? cluster.settings.cluster_name : std::string(cluster_name)});
  set.set({"k8s", std::string(kServiceAccountKey), std::string(service_account)});
  return set;
}

// policy.md 1.5
LabelSet world_labels(const Settings& settings, IpFamily family) {
  LabelSet set;
  const char* key = !settings.dual_stack ? "world" : family == IpFamily::V4 ? "world-ipv4" : "world-ipv6";
  set.set({"reserved", key, ""});
  return set;
}

Label named_port_label(std::string_view name, Protocol protocol, std::uint16_t port) {
  return {"gen", "port." + to_text(protocol) + "." + std::string(name) + "." + std::to_string(port), ""};
}

Label named_port_label(std::string_view name, Protocol protocol) {
  return {"gen", "port." + to_text(protocol) + "." + std::string(name), ""};
}

LabelSet node_labels(const Cluster& cluster, const Node* node) {
  LabelSet set;
  if (node == nullptr) return set;
  const auto is_api_server = [&](const IpAddress& address) {
    return std::binary_search(cluster.api_servers.begin(), cluster.api_servers.end(), address);
  };
  if (std::any_of(node->addresses.begin(), node->addresses.end(), is_api_server)) set.set({"reserved", "kube-apiserver", ""});
  if (!cluster.settings.node_selector_labels) return set;
  for (const auto& [key, value] : node->labels) set.set({"node", key, value});
  set.set({"k8s", std::string(kClusterKey), node->cluster.empty() ? cluster.settings.cluster_name : node->cluster});
  return set;
}

LabelSet outside_labels(const Cluster& cluster, const IpAddress& address) {
  LabelSet set = world_labels(cluster.settings, address.family);
  if (std::binary_search(cluster.api_servers.begin(), cluster.api_servers.end(), address)) set.set({"reserved", "kube-apiserver", ""});
  return set;
}

const Namespace* Cluster::find_namespace(std::string_view name, std::string_view cluster) const {
  const auto at = std::lower_bound(namespaces.begin(), namespaces.end(), std::pair(cluster, name),
                                   [](const Namespace& a, const auto& b) { return std::pair<std::string_view, std::string_view>(a.cluster, a.name) < b; });
  return at != namespaces.end() && at->name == name && at->cluster == cluster ? &*at : nullptr;
}

std::optional<PodId> Cluster::find_pod(std::string_view namespace_name, std::string_view name, std::string_view cluster) const {
  const auto key = std::tuple(cluster, namespace_name, name);
  const auto at = std::lower_bound(pods.begin(), pods.end(), key, [](const Pod& a, const auto& b) {
    return std::tuple<std::string_view, std::string_view, std::string_view>(a.cluster, a.namespace_name, a.name) < b;
  });
  if (at == pods.end() || at->cluster != cluster || at->namespace_name != namespace_name || at->name != name) return std::nullopt;
  return PodId{static_cast<std::uint32_t>(at - pods.begin())};
}

const Service* Cluster::find_service(std::string_view namespace_name, std::string_view name, std::string_view cluster) const {
  for (const Service& service : services)
    if (service.namespace_name == namespace_name && service.name == name && service.cluster == cluster) return &service;
  return nullptr;
}

const Node* Cluster::find_node(std::string_view name) const {
  for (const Node& node : nodes)
    if (node.name == name) return &node;
  return nullptr;
}

std::optional<PodId> Cluster::pod_at(const IpAddress& address) const {
  for (std::uint32_t i = 0; i < pods.size(); ++i)
    if (!pods[i].host_network && std::count(pods[i].addresses.begin(), pods[i].addresses.end(), address) > 0)
      return PodId{i};
  return std::nullopt;
}

const Node* Cluster::node_at(const IpAddress& address) const {
  for (const Node& node : nodes)
    if (std::count(node.addresses.begin(), node.addresses.end(), address) > 0) return &node;
  return nullptr;
}

}  // namespace weir::ir
