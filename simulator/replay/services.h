#pragma once

#include <cstdint>
#include <vector>

#include "ir/base/ports.h"
#include "ir/cluster/cluster.h"

namespace weir::simulator {

/// A pod that answers for a Service, at the address and port where policy sees it (policy.md 4.5).
struct ServiceEnd {
  ir::PodId pod;
  ir::IpAddress address;
  std::uint16_t port = 0;
};

/// Whoever a connection to this address of a Service may have reached. Empty: the inventory has no such Service or port, or
/// somebody may answer whose labels it does not know.
[[nodiscard]] std::vector<ServiceEnd> service_ends(const ir::Cluster&, const ir::IpAddress& service, ir::Protocol, std::uint16_t port);

}  // namespace weir::simulator
