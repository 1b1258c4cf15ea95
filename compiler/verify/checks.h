#pragma once

#include <vector>

#include "compiler/invariants/invariants.h"
#include "compiler/verify/finding.h"

namespace weir::compiler {

/// WEIR0201: elements that can never decide a connection. Returns one flag for each rule: nothing of its element is left.
[[nodiscard]] std::vector<bool> check_shadowed(const CheckContext&);

/// WEIR0202: elements that an explicit deny takes some, but not all, traffic from. `shadowed` ones are told already.
void check_conflicts(const CheckContext&, const std::vector<bool>& shadowed);

/// WEIR0210 and the proofs: what is written holds, is violated, or is unknown.
void check_invariants(const CheckContext&, const Invariants&);

}  // namespace weir::compiler
