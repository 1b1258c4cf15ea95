#pragma once

#include <vector>

#include "ir/base/files.h"
#include "ir/flow/decision.h"
#include "ir/flow/rule_ref.h"
#include "ir/policy/policy_set.h"

namespace weir::ir {

/// Who decided one side, as people read it (cli.md "Rule reference"): the rules, most specific first, or one Default
/// whose place is that of the first rule that isolates the subject. Empty when the side is no managed endpoint. Several rules of
/// one element are one reference.
[[nodiscard]] std::vector<RuleRef> decided_by(const PolicySet&, const Files&, const SideDecision&, Direction);

/// The rules that admit a request, or refuse it (L7Decision::decided_by).
[[nodiscard]] std::vector<RuleRef> decided_by(const PolicySet&, const Files&, const L7Decision&);

/// The rules that isolate the subject when the default deny decided; empty otherwise.
[[nodiscard]] std::vector<RuleRef> isolated_by(const PolicySet&, const Files&, const SideDecision&);

}  // namespace weir::ir
