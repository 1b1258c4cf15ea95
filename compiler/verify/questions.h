#pragma once

#include <set>
#include <string>

#include "compiler/invariants/invariants.h"
#include "compiler/verify/solver.h"
#include "ir/base/result.h"

namespace weir::compiler {

/// The connections a statement is about; `keys` are the label keys that rules ask for (party.h). An error when a party is
/// not in the inventory or can be nobody.
[[nodiscard]] ir::Result<Question> question_of(const Space&, const std::set<std::string>& keys, const ReachInvariant&);

}  // namespace weir::compiler
