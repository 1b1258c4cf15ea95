#pragma once

#include <vector>

#include "compiler/verify/access.h"

namespace weir::compiler {

/// Addresses outside that neither set tells apart.
struct JointRegion {
  PeerId before, after;
  ir::AddressSet addresses;
};

[[nodiscard]] std::vector<JointRegion> joint_world(const std::vector<WorldRegion>& before, const std::vector<WorldRegion>& after);

}  // namespace weir::compiler
