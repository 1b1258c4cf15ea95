#pragma once

#include <string>

#include "simulator/flows/decode.h"
#include "simulator/flows/record.h"

namespace weir::simulator {

/// --emit flows: what was understood of one line, in the manner of `hubble observe -o compact`, without a line end:
/// "2026-01-01T00:00:00Z n1 shop/frontend 10.0.0.1:40000 -> shop/backend 10.0.0.2:8080 TCP FORWARDED policy-verdict EGRESS".
[[nodiscard]] std::string to_text(const Record&, const Interned&);

}  // namespace weir::simulator
