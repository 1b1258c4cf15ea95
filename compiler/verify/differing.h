#pragma once

#include "compiler/verify/any_diff.h"
#include "compiler/verify/decided_alike.h"
#include "compiler/verify/rule_space.h"

namespace weir::compiler {

/// All connections of which one side may be answered differently by the two sets, over the same space: those of the rules that
/// only one set has, and those of the subjects that such a rule isolates alone. Boxes that share nothing.
[[nodiscard]] Boxes differing(const RuleSpace& before, const RuleSpace& after, const OwnRules&, ir::Direction);

/// Boxes of `more` that are in none of `all`, at the end of `all`.
void add_apart(const Space&, Boxes& all, Boxes more);

}  // namespace weir::compiler
