#pragma once

#include "compiler/invariants/invariants.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {

/// Whether a pod of the inventory is one of the party, as it is today.
[[nodiscard]] bool is_member(const ir::Cluster&, const ir::Pod&, const InvariantParty&);
[[nodiscard]] bool is_member(const ir::Cluster&, const ir::Pod&, const Parties&);

}  // namespace weir::compiler
