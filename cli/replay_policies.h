#pragma once

#include <optional>

#include "cli/input.h"
#include "cli/options.h"
#include "simulator/replay/whatif.h"

namespace weir::cli {

/// Both sides of the question that `weir replay` asks.
struct ReplayPolicies {
  Input input;                                 // as given; `objects` with what `--with` and the other flags changed
  std::optional<compiler::Resolved> before;    // absent: the recording stands for it
  simulator::Remarks remarks;
  std::vector<simulator::PodLabel> relabel;    // after the change
};

/// The paths, `--base` and the flags that change something without a file. With such a flag and no `--base` the policies as
/// given are the before. What is wrong inside the documents is in Input::diagnostics.
[[nodiscard]] ir::Result<ReplayPolicies> read_policies(const Request&);

/// "CronJob shop/backup" and "Job shop/migrate" of the local cluster; sorted.
[[nodiscard]] std::vector<std::string> jobs_of(const compiler::Objects&);

}  // namespace weir::cli
