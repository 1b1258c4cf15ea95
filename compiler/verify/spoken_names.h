#pragma once

#include <set>
#include <string>
#include <vector>

#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// The DNS names that policies speak of: as peers, and as what may be looked up for peers that wait for it (policy.md 5.6).
struct SpokenNames {
  std::set<ir::NamePattern> peers, lookups;
  void merge(SpokenNames);
};
[[nodiscard]] SpokenNames spoken_names(const ir::PolicySet&);

/// A name for each way in which the patterns overlap, and one of no pattern. `unknown` says why there may be more ways.
[[nodiscard]] std::vector<std::string> names_told_apart(const SpokenNames&, const ir::Cluster&, std::string& unknown);

/// What to list: the peers' patterns and the names among the lookups, each by its sample (named_outside.h), and a name for
/// each further way in which somebody outside may be a peer.
[[nodiscard]] std::set<ir::NamePattern> listed_names(const SpokenNames&, const ir::Cluster&, std::string& unknown);

}  // namespace weir::compiler
