#pragma once

#include <string>

#include "cli/input.h"
#include "cli/options.h"
#include "ir/base/result.h"

namespace weir::cli {

/// `--emit STAGE` for the stages that every command has: source, objects, cluster, policy, routes, findings.
/// Exit code 2 for a stage that the command does not reach.
[[nodiscard]] ir::Result<std::string> emit_front(const Input&, const std::string& stage);

/// tables, c and maps of one node; an empty node name means every pod is an endpoint.
[[nodiscard]] ir::Result<std::string> emit_back(const Input&, const std::string& stage, const std::string& node);

}  // namespace weir::cli
