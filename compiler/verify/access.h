#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/verify/admission.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"
#include "ir/sets/address_set.h"

namespace weir::compiler {

using PodClassId = ir::Id<struct PodClassTag>;

/// Pods that fare alike with everybody, as source and as destination.
struct PodClass {
  std::uint32_t rows = 0;  // into Access::rows
  PeerId peer;             // how others see them
};

/// A node, or a host-network pod, which is its node: host or remote-node to a subject (policy.md 1.4).
struct NodeEnd {
  std::string node;
  PeerId as_host, as_remote;
  std::uint32_t rows = kOpenRows;  // its own, with the host firewall (policy.md 2.5)
  static constexpr std::uint32_t kOpenRows = 0;
};

/// Addresses of nobody in the inventory that no rule tells apart.
struct WorldRegion {
  PeerId peer;
  ir::AddressSet addresses;
};

/// Who may reach whom, by class: what all pairs are read off. A pod has its first address, as in `weir trace`.
struct Access {
  PortsTable ports;
  std::vector<std::array<AdmissionRow, 2>> rows;  // [direction]; equal pairs once; first that of ends without policy
  std::vector<PodClass> classes;
  std::vector<PodClassId> class_of_pod;           // by pod; of host-network pods without meaning
  std::vector<NodeEnd> node_ends;                 // by pod, for host-network pods; then the nodes of the inventory
  std::vector<WorldRegion> world;                 // sorted by peer
  PeerId host, remote_node, kube_apiserver, ingress;
  PeerId nameless;                                // outside, without an address that a rule could name
  std::vector<std::pair<std::string, PeerId>> names;  // outside, by a DNS name or pattern that rules name
  std::vector<PeerId> further;                    // the label sets that were asked for beside
  /// [peer] -> rows that treat it unlike others as a source
  std::vector<std::vector<std::pair<std::uint32_t, PortsId>>> unusual_sources;
};

/// `further`: label sets of pods that do not exist, which get a peer too. `names`: those of the outside (spoken_names.h).
[[nodiscard]] Access access_of(const ir::PolicySet&, const ir::Cluster&, const std::vector<ir::LabelSet>& further = {},
                               const std::set<ir::NamePattern>& names = {});

/// What one class of pods may send to each class, by class: egress of the one and ingress of the other.
class OutgoingRows {
 public:
  explicit OutgoingRows(Access& access) : access_(access) {}
  [[nodiscard]] const std::vector<PortsId>& of(PodClassId source);

 private:
  Access& access_;
  std::vector<PortsId> to_peer_, from_source_, result_;
};

}  // namespace weir::compiler
