#include "simulator/replay/services.h"

#include <algorithm>

#include "ir/cluster/service_target.h"

namespace weir::simulator {
namespace {

const ir::IpAddress* address_of(const ir::Pod& pod, ir::IpFamily family) {
  const auto at = std::find_if(pod.addresses.begin(), pod.addresses.end(), [&](const ir::IpAddress& a) { return a.family == family; });
  return at == pod.addresses.end() ? nullptr : &*at;
}

/// False: one of them cannot be looked up.
bool add_ends(const ir::Cluster& cluster, const ir::Service& service, const ir::ServicePort& port, ir::IpFamily family,
              std::vector<ServiceEnd>& ends) {
  for (const ir::ServiceBackend& backend : ir::backends(cluster, service, port)) {
    if (!backend.pod || cluster.pod(*backend.pod).host_network) return false;
    const ir::IpAddress* address = address_of(cluster.pod(*backend.pod), family);
    if (address == nullptr) return false;
    ends.push_back({*backend.pod, *address, backend.port});
  }
  return true;
}

}  // namespace

std::vector<ServiceEnd> service_ends(const ir::Cluster& cluster, const ir::IpAddress& address, ir::Protocol protocol, std::uint16_t number) {
  std::vector<ServiceEnd> ends;
  for (const ir::Service& service : cluster.services) {
    if (std::find(service.cluster_ips.begin(), service.cluster_ips.end(), address) == service.cluster_ips.end()) continue;
    for (const ir::ServicePort& port : service.ports)
      if (port.protocol == protocol && port.port == number && !add_ends(cluster, service, port, address.family, ends)) return {};
  }
  return ends;
}

}  // namespace weir::simulator
