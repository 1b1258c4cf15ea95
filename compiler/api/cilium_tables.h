#pragma once

#include <vector>

#include "compiler/api/fields.h"

namespace weir::compiler {

extern const FieldTable kFqdnSelectorTable, kPortRuleDnsTable;

/// The tables of cilium_l7.cpp and of cilium_peers.cpp.
[[nodiscard]] std::vector<const FieldTable*> cilium_l7_tables();
[[nodiscard]] std::vector<const FieldTable*> cilium_peer_tables();

}  // namespace weir::compiler
