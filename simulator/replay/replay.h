#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/resolve/resolve.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/base/result.h"
#include "simulator/flows/filter.h"
#include "simulator/replay/actors.h"
#include "simulator/replay/gathered.h"
#include "simulator/replay/report.h"

namespace weir::simulator {

/// How far reading has come: bytes as they lie on disk.
struct Progress {
  std::uint64_t bytes_done = 0, bytes_total = 0;  // total 0: not known (standard input)
  std::uint64_t flows = 0;
};

struct ReplayOptions {
  LabelSource labels = LabelSource::Either;  // `--labels flow|inventory`
  std::uint64_t sampled = 1;                 // `--sampled N`: one of N flows was recorded
  unsigned threads = 1;                      // workers; 0: one for each core
  std::optional<std::pair<std::size_t, std::size_t>> shard;  // `--shard I/N`: {I - 1, N}
  const FlowFilter* filter = nullptr;        // null: every flow
  std::vector<PodLabel> relabel;             // `--label-pod`: labels that pods would have after the change
  std::function<void(const Progress&)> progress;  // called now and then, by one thread at a time
};

/// Recordings -> what they say, nothing closed that another part may still join (all of it is closed by close_all). Streams:
/// memory is bounded by the distinct shapes and the connections open within the idle window. `addresses` may be null; with
/// `whole` the recordings (or the shard of them) are all there is, without it nothing is known about other parts.
/// A recording that is not there is an Error with exit code 2.
[[nodiscard]] ir::Result<Gathered> gather(const std::vector<std::string>& recordings, const AddressClasses* addresses, bool whole,
                                          const ReplayOptions&);

/// What recordings say x policies -> what the policies would have done (cli.md "replay"). Everything in `gathered` is
/// closed. `before` may be null (no `--base`). Recordings are added to `files`; what is wrong with them is a Diagnostic.
/// May be asked many times, for other policies whose AddressClasses have the same digest.
[[nodiscard]] ReplayReport tally(const Gathered& gathered, const compiler::Resolved& after, const compiler::Resolved* before,
                                 ir::Files& files, const ReplayOptions&, ir::Diagnostics&);

/// gather, close_all and tally.
[[nodiscard]] ir::Result<ReplayReport> replay(const std::vector<std::string>& recordings, const compiler::Resolved& after,
                                              const compiler::Resolved* before, ir::Files& files,
                                              const ReplayOptions&, ir::Diagnostics&);

}  // namespace weir::simulator
