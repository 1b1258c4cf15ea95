#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/cluster/cluster.h"

namespace weir::ir {

/// The pod's own port behind a Service port: a number, the name of a container port, or the same number.
[[nodiscard]] std::optional<std::uint16_t> target_port(const Pod&, const ServicePort&);

/// Whether the Service's selector takes the pod; a Service without a selector takes none.
[[nodiscard]] bool selects(const Service&, const Pod&);

/// What may answer on a port of a Service: a pod, or an address that no pod of the input has.
struct ServiceBackend {
  std::optional<PodId> pod;
  IpAddress address;       // without a pod
  std::uint16_t port = 0;  // there, not of the Service
  friend auto operator<=>(const ServiceBackend&, const ServiceBackend&) = default;
};

/// The ready pods that its selector takes; of a Service without one the addresses that were given by hand. A global
/// Service has those of the shared Services of its name in other clusters too (policy.md 10.3), by the name of the port.
/// The Service's own cluster comes first; its affinity leaves the one or the other out while there are others.
[[nodiscard]] std::vector<ServiceBackend> backends(const Cluster&, const Service&, const ServicePort&);

}  // namespace weir::ir
