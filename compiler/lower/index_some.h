#pragma once

#include <vector>

#include "ir/policy/policy_set.h"
#include "ir/tables/rule_index.h"

namespace weir::compiler {

/// The index of these rules alone, `ids` ascending; only their matchers get a bit.
[[nodiscard]] ir::RuleIndex index_some(const ir::PolicySet&, const ir::Settings&, const std::vector<ir::RuleId>& ids);

}  // namespace weir::compiler
