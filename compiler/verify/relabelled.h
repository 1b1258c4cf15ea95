#pragma once

#include <string>

#include "compiler/verify/today_diff.h"

namespace weir::compiler {

/// Why nobody can say offline what the rule decides: a provider's group (policy.md 2.10) or a conflict (3.13). Empty: one can.
[[nodiscard]] std::string doubt(const ir::Rule&);

/// Pods whose labels are others after than before may fall under other rules though the rules are the same. What that does to
/// connections `diff_today` tells; here it is said where it matters for requests, and for rules in doubt.
void add_relabelled(const DiffSide& before, const DiffSide& after, TodayDiff&);

}  // namespace weir::compiler
