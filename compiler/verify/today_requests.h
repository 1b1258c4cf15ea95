#pragma once

#include <vector>

#include "compiler/verify/request_diff.h"
#include "compiler/verify/today_diff.h"

namespace weir::compiler {

/// What the splits of two sets mean for the pods of both inventories, for the outside and for the names that rules ask for.
/// Every answer is the evaluator's. `unknown` is why some pairs were not asked; empty: all were. Sorted by ends.
[[nodiscard]] std::vector<TodayRequest> today_requests(const Space&, const std::vector<RequestSplit>&, const DiffSide& before, const DiffSide& after,
                                                       std::size_t most_patterns, std::string& unknown);

}  // namespace weir::compiler
