#pragma once

#include <string_view>

#include "ir/cluster/settings.h"
#include "ir/policy/l7.h"

namespace weir::ir {

/// policy.md 5.5 without regular expressions: what ir/eval asks RE2, read from the pattern itself. Linear in the product
/// of the lengths, no allocation but one row.
[[nodiscard]] bool matches_name(const NamePattern&, std::string_view name, Dialect);

/// policy.md 5.3, the same for one entry of serverNames.
[[nodiscard]] bool matches_server_name(std::string_view pattern, std::string_view sni);

}  // namespace weir::ir
