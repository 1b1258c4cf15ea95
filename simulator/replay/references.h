#pragma once

#include <vector>

#include "ir/base/files.h"
#include "ir/flow/decision.h"
#include "ir/flow/rule_ref.h"
#include "ir/policy/policy_set.h"

namespace weir::simulator {

/// Who decided one side, as people read it (cli.md "Rule reference"): the rules, most specific first, or one Default
/// whose place is that of the first rule that isolates the subject.
[[nodiscard]] std::vector<ir::RuleRef> deciding_rules(const ir::PolicySet&, const ir::Files&, const ir::SideDecision&,
                                                      ir::Direction);

}  // namespace weir::simulator
