#pragma once

#include <string>
#include <vector>

#include "compiler/api/policy_test.h"
#include "ir/eval/route.h"

namespace weir::simulator {

/// What a test expects of the filters: `redirect`, `request`, `responseHeaders` and `mirrors`. One sentence for each that does
/// not hold.
void expect_exchange(const compiler::RouteExpectation&, const ir::RouteDecision&, std::vector<std::string>& problems);

}  // namespace weir::simulator
