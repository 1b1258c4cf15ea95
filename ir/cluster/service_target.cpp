#include "ir/cluster/service_target.h"

#include <algorithm>
#include <charconv>

namespace weir::ir {

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

}  // namespace weir::ir
