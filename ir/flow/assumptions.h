#pragma once

#include <string>
#include <vector>

#include "ir/cluster/settings.h"
#include "ir/flow/decision.h"
#include "ir/policy/policy_set.h"

namespace weir::ir {

/// The named switches, missing inputs and conditions that a decision depended on (Decision::assumptions): sorted, unique.
[[nodiscard]] std::vector<std::string> assumptions_of(const PolicySet&, const Settings&, const Decision&);

}  // namespace weir::ir
