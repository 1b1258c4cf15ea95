#pragma once

#include <string_view>

#include "compiler/invariants/invariants.h"
#include "ir/base/result.h"

namespace weir::compiler {

/// What one party means; the error's message says what is wrong with it.
[[nodiscard]] ir::Result<InvariantParty> read_invariant_party(std::string_view text);

/// "8080" (TCP), "8080/UDP", "8000-8100/TCP", "8/ICMP" (a type), "TCP", "ICMP".
[[nodiscard]] ir::Result<ir::PortMatch> read_invariant_port(std::string_view text);

}  // namespace weir::compiler
