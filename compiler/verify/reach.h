#pragma once

#include <cstddef>
#include <optional>

#include "compiler/verify/rule_space.h"
#include "compiler/verify/solver.h"

namespace weir::compiler {

/// Whether some connection of a question passes, or does not.
struct Reach {
  bool settled = false;                     // false: too many pieces, or rules set algebra does not read
  std::optional<ConnectionWitness> example; // a connection with that verdict, as the evaluator says; absent: there is none
};

/// Set algebra: asks the evaluator about one connection, takes away everything that is decided the same way for the same
/// reason, and goes on with the rest. Reads one group of rules without pass; more is for the solver. The rules must be
/// without doubt (approximate.h).
[[nodiscard]] Reach find_passing(const RuleSpace&, const Question&, std::size_t limit);
[[nodiscard]] Reach find_not_passing(const RuleSpace&, const Question&, std::size_t limit);

}  // namespace weir::compiler
