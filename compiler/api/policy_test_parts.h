#pragma once

#include <string_view>
#include <vector>

#include "compiler/api/policy_test.h"
#include "compiler/api/reader.h"

namespace weir::compiler {

// Parts of a PolicyTest that its two readers share.

[[nodiscard]] TestParty read_party(const Node&, ir::Diagnostics&);
[[nodiscard]] RouteCheck read_route_check(const Node&, ir::Diagnostics&);
/// A mapping whose values may be of any scalar type, in file order.
[[nodiscard]] std::vector<TestSetting> read_scalars(const Node&, std::string_view what, ir::Diagnostics&);

}  // namespace weir::compiler
