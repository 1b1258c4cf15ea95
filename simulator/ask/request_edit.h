#pragma once

#include "ir/flow/decision.h"
#include "simulator/ask/edit.h"

namespace weir::simulator {

/// Adds the request to the first of the request rules that refuse it; false when none of them can hold it.
[[nodiscard]] bool admit_request(Draft&, const ir::L7Decision&);

/// Text as an expression that matches it alone.
[[nodiscard]] std::string quoted_expression(std::string_view);

}  // namespace weir::simulator
