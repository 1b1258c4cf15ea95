#include "compiler/lower/shares.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "ir/cluster/service_target.h"

// Test: tests/unit/compiler/lower/listeners_test.cpp.
namespace weir::compiler {
namespace {

using Place = std::pair<ir::IpAddress, std::uint16_t>;

/// Above this the shares of pods are rounded: one part in a million.
constexpr std::uint64_t kFinest = std::uint64_t{1} << 20;

const ir::ServicePort* find_port(const ir::Service& service, std::uint16_t number, ir::Protocol protocol) {
  for (const ir::ServicePort& port : service.ports)
    if (port.port == number && port.protocol == protocol) return &port;
  return nullptr;
}

void add_place(const std::vector<ir::IpAddress>& addresses, ir::IpFamily family, std::uint16_t port, std::vector<Place>& out) {
  for (const ir::IpAddress& address : addresses)
    if (address.family == family) {
      out.emplace_back(address, port);
      return;
    }
}

/// Where the connections of one backend can go; none: its share is refused.
std::vector<Place> places(const ir::Backend& backend, const ir::Cluster& cluster, ir::Protocol protocol, ir::IpFamily family) {
  std::vector<Place> out;
  const ir::Service* service = cluster.find_service(backend.namespace_name, backend.service);
  if (service == nullptr || !backend.invalid.empty() || !backend.tls_invalid.empty()) return out;
  const ir::ServicePort* port = find_port(*service, backend.port, protocol);
  if (port == nullptr) return out;
  for (const ir::ServiceBackend& target : ir::backends(cluster, *service, *port))
    if (target.port != 0)
      add_place(target.pod ? cluster.pod(*target.pod).addresses : std::vector{target.address}, family, target.port, out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// A number that all counts of places divide, so that every pod's share is exact.
std::uint64_t common_parts(const std::vector<std::vector<Place>>& all) {
  std::uint64_t parts = 1;
  for (const auto& places : all) {
    if (places.empty()) continue;
    parts = std::lcm(parts, std::uint64_t{places.size()});
    if (parts > kFinest) return kFinest;
  }
  return parts;
}

}  // namespace

std::vector<ir::TableBackend> shares(const std::vector<ir::Backend>& backends, const ir::Cluster& cluster,
                                     ir::Protocol protocol, ir::IpFamily family) {
  std::vector<std::vector<Place>> all;
  for (const ir::Backend& backend : backends)
    all.push_back(backend.weight == 0 ? std::vector<Place>{} : places(backend, cluster, protocol, family));
  const std::uint64_t parts = common_parts(all);
  std::map<Place, std::uint64_t> weights;
  for (std::size_t i = 0; i < backends.size(); ++i) {
    if (backends[i].weight == 0) continue;
    const std::uint64_t weight = backends[i].weight * parts;
    for (const Place& place : all[i]) weights[place] += std::max<std::uint64_t>(1, weight / all[i].size());
    if (all[i].empty()) weights[{ir::IpAddress{family, {}}, 0}] += weight;
  }
  std::vector<ir::TableBackend> out;
  for (const auto& [place, weight] : weights) out.push_back({place.first, place.second, weight});
  return out;
}

}  // namespace weir::compiler
