#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/lower/owners.h"
#include "compiler/lower/peer_classifier.h"
#include "ir/base/result.h"
#include "ir/cluster/cluster.h"
#include "ir/tables/table_set.h"

namespace weir::compiler {

/// Where a peer is host rather than remote-node (policy.md 1.4): on the node of the subject.
using Locality = std::uint32_t;
inline constexpr Locality kNowhere = 0;     // no node, or one that no endpoint of these tables runs on
inline constexpr Locality kEverywhere = 1;  // `host`, whatever the subject's node
inline constexpr Locality kFirstNode = 2;   // one for each node that endpoints run on

/// Peers that satisfy exactly the same matchers for every subject.
struct PeerClass {
  ir::Signature here, elsewhere;  // on the subject's node, and on any other; equal unless the peer is a node
  Locality locality = kNowhere;
  friend auto operator<=>(const PeerClass&, const PeerClass&) = default;
  [[nodiscard]] bool is_host_of(Locality subject) const { return locality == kEverywhere || (locality != kNowhere && locality == subject); }
  [[nodiscard]] ir::Signature seen_from(Locality subject) const { return is_host_of(subject) ? here : elsewhere; }
};

/// datapath.md 3 "peer classes", with the identities and prefixes that lead to them.
struct PeerClasses {
  std::vector<PeerClass> classes;
  std::vector<ir::TableIdentity> identities;
  std::vector<ir::TablePrefix> prefixes;
  std::vector<std::uint32_t> identity_of_pod;  // by PodId; of its first address; 0 for host-network pods
};

/// `nodes`: the nodes that endpoints of the tables run on, sorted. Pods of the whole cluster become identities.
[[nodiscard]] ir::Result<PeerClasses> peer_classes(const ir::Cluster&, const Owners&, const std::vector<std::string>& nodes,
                                                   PeerClassifier&);

/// The place of a node in `nodes`, as a locality.
[[nodiscard]] Locality locality_of(const std::vector<std::string>& nodes, std::string_view node);

}  // namespace weir::compiler
