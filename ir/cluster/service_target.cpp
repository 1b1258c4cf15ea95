#include "ir/cluster/service_target.h"

#include <algorithm>
#include <charconv>

namespace weir::ir {
namespace {

void add_pods(const Cluster& cluster, const Service& service, const ServicePort& port, std::vector<ServiceBackend>& out) {
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    if (!pod.ready || !selects(service, pod)) continue;
    if (const auto target = target_port(pod, port)) out.push_back({PodId{i}, {}, *target});
  }
}

/// The number of a port whose Service has no pods to ask for a name.
std::optional<std::uint16_t> number_of(const ServicePort& port) { return target_port(Pod{}, port); }

void add_addresses(const Cluster& cluster, const Service& service, const ServicePort& port, std::vector<ServiceBackend>& out) {
  const auto number = number_of(port);
  if (!number) return;
  for (const IpAddress& address : service.endpoints) {
    const auto pod = cluster.pod_at(address);
    out.push_back({pod, pod ? IpAddress{} : address, *number});
  }
}

void add_backends(const Cluster& cluster, const Service& service, const ServicePort& port, std::vector<ServiceBackend>& out) {
  if (service.selector && !service.selector->empty())
    add_pods(cluster, service, port, out);
  else
    add_addresses(cluster, service, port, out);
}

/// Cilium merges by the name of the port; the numbers of the Services may differ.
const ServicePort* same_port(const Service& service, const ServicePort& port) {
  for (const ServicePort& candidate : service.ports)
    if (candidate.name == port.name && candidate.protocol == port.protocol) return &candidate;
  return nullptr;
}

}  // namespace

std::optional<std::uint16_t> target_port(const Pod& pod, const ServicePort& port) {
  if (port.target.empty()) return port.port;
  std::uint16_t number = 0;
  const char* end = port.target.data() + port.target.size();
  if (const auto [at, error] = std::from_chars(port.target.data(), end, number); error == std::errc() && at == end)
    return number;
  for (const ContainerPort& container : pod.ports)
    if (container.name == port.target && container.protocol == port.protocol) return container.port;
  return std::nullopt;
}

bool selects(const Service& service, const Pod& pod) {
  if (!service.selector || service.selector->empty() || pod.namespace_name != service.namespace_name ||
      pod.cluster != service.cluster)
    return false;
  return std::all_of(service.selector->begin(), service.selector->end(), [&](const auto& want) {
    const auto have = pod.pod_labels.find(want.first);
    return have != pod.pod_labels.end() && have->second == want.second;
  });
}

std::vector<ServiceBackend> backends(const Cluster& cluster, const Service& service, const ServicePort& port) {
  std::vector<ServiceBackend> out;
  add_backends(cluster, service, port, out);
  if (!service.global || (service.affinity == Affinity::Local && !out.empty())) return out;
  const std::size_t own = out.size();
  for (const Service& other : cluster.services) {
    if (other.cluster == service.cluster || !other.global || !other.shared) continue;
    if (other.namespace_name != service.namespace_name || other.name != service.name) continue;
    if (const ServicePort* same = same_port(other, port)) add_backends(cluster, other, *same, out);
  }
  const bool far = service.affinity == Affinity::Remote && out.size() > own;
  if (far) out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(own));
  return out;
}

}  // namespace weir::ir
