#pragma once

#include "ir/base/result.h"
#include "ir/cluster/cluster.h"
#include "ir/cluster/party.h"
#include "ir/flow/flow.h"

namespace weir::ir {

/// A pod of the inventory as an end of a connection. A host-network pod is its node (policy.md 1.4).
[[nodiscard]] Endpoint endpoint_of(const Cluster&, PodId);

/// An address: its pod, else its node, else world (policy.md 1.6).
[[nodiscard]] Endpoint endpoint_of(const Cluster&, const IpAddress&);

/// A node by its name, which the inventory may not know.
[[nodiscard]] Endpoint node_endpoint(const Cluster&, const std::string& name);

/// The names that DNS is known to have given this address (policy.md 5.6), sorted.
[[nodiscard]] std::vector<std::string> names_of(const Cluster&, const IpAddress&);

/// What a person named. `other` is the other end: `entity:host` is its node. A workload is its first pod by name.
/// Exit code 2 when the inventory does not have it.
[[nodiscard]] Result<Endpoint> endpoint_of(const Cluster&, const Party&, const Endpoint* other);

}  // namespace weir::ir
