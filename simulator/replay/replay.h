#pragma once

#include <string>
#include <vector>

#include "compiler/resolve/resolve.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/base/result.h"
#include "simulator/replay/actors.h"
#include "simulator/replay/report.h"

namespace weir::simulator {

struct ReplayOptions {
  LabelSource labels = LabelSource::Either;  // `--labels flow|inventory`
};

/// recordings x policies -> what the policies would have done (cli.md "replay"). Streams: memory is bounded by the
/// answer plus the connections open within the idle window. `before` may be null (no `--base`). Recordings are added to
/// `files`; what is wrong with them is a Diagnostic. A recording that is not there is an Error with exit code 2.
[[nodiscard]] ir::Result<ReplayReport> replay(const std::vector<std::string>& recordings, const compiler::Resolved& after,
                                              const compiler::Resolved* before, ir::Files& files,
                                              const ReplayOptions&, ir::Diagnostics&);

}  // namespace weir::simulator
