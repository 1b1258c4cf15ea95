#pragma once

#include <cstdint>
#include <ostream>

namespace weir::perf {

/// How much to write; the same values give the same bytes.
struct ClusterSize {
  std::uint32_t pods = 10'000, policies = 5'000;
  std::uint64_t seed = 1;
};

/// One JSON List of Namespaces, Nodes, Services and Pods, as `kubectl get -o json` would give them, an item a line.
void write_inventory(const ClusterSize&, std::ostream&);

/// One JSON List of NetworkPolicies and CiliumNetworkPolicies: by labels, namespaces, CIDRs, entities, ports, names.
void write_policies(const ClusterSize&, std::ostream&);

}  // namespace weir::perf
