#pragma once

#include <vector>

#include "ir/base/files.h"
#include "ir/flow/decision.h"
#include "ir/flow/rule_ref.h"
#include "ir/policy/policy_set.h"

namespace weir::simulator {

/// Who decided one side, as people read it (cli.md "Rule reference"): the rules, most specific first, or one Default
/// whose place is that of the first rule that isolates the subject. Empty when the side is no managed endpoint.
[[nodiscard]] std::vector<ir::RuleRef> decided_by(const ir::PolicySet&, const ir::Files&, const ir::SideDecision&,
                                                  ir::Direction);

/// The rules that isolate the subject when the default deny decided; empty otherwise.
[[nodiscard]] std::vector<ir::RuleRef> isolated_by(const ir::PolicySet&, const ir::Files&, const ir::SideDecision&);

}  // namespace weir::simulator
