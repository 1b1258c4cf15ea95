#pragma once

#include <optional>

#include "cli/options.h"
#include "ir/base/result.h"
#include "ir/cluster/cluster.h"
#include "ir/flow/decision.h"
#include "ir/flow/request.h"

namespace weir::cli {

// What `trace` and `policy trace` share beside the ends and the port.

/// --http-*, --dns-query, --sni; absent when none is given.
[[nodiscard]] ir::Result<std::optional<ir::L7Request>> request_of(const TraceOptions&);
/// --name: what DNS is known to answer, beside what the input says.
[[nodiscard]] ir::Result<void> add_names(const TraceOptions&, ir::Cluster&);
/// cli.md "Exit codes": 0 allowed, 1 denied, 4 unknown.
[[nodiscard]] int exit_of(ir::Verdict);

}  // namespace weir::cli
