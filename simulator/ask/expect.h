#pragma once

#include <string>
#include <vector>

#include "compiler/api/policy_test.h"
#include "simulator/ask/route.h"
#include "simulator/ask/trace.h"

namespace weir::simulator {

// What differs between what a test expects and what weir says: one sentence each, empty when it holds.

[[nodiscard]] std::vector<std::string> differences(const compiler::PolicyCheck&, const TraceAnswer&);
[[nodiscard]] std::vector<std::string> differences(const compiler::RouteCheck&, const RouteAnswer&);

/// The side that decided a denial: egress is asked first, as in the kernel; of a refused request the side of its rules. Empty when nothing is denied.
[[nodiscard]] std::string denying_side(const ir::Decision&);
/// Its reason: "policy-denied", "policy-deny", "auth-required", "l7-denied", or empty.
[[nodiscard]] std::string denial_reason(const ir::Decision&);
/// What clients get, with shares: 200 stands for "a backend answers", 0 for no HTTP answer.
[[nodiscard]] std::vector<std::pair<std::uint32_t, double>> statuses_of(const RouteAnswer&);
/// What policy makes of all backends together; nullopt when they fare differently or nothing was judged.
[[nodiscard]] std::optional<ir::Verdict> policy_of(const RouteAnswer&);

}  // namespace weir::simulator
