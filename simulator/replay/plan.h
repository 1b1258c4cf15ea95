#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/result.h"
#include "simulator/flows/filter.h"
#include "simulator/flows/slice.h"
#include "simulator/replay/gathered.h"

namespace weir::simulator {

/// One of N parts of the recordings.
struct Shard {
  std::vector<Slice> slices;
  SafeTime safe;
  friend bool operator==(const Shard&, const Shard&) = default;
};

/// Cuts recordings into `count` parts of about the same size, each a span of time: plain files at the byte where the time
/// of the cut is reached, others between files. Every line is in exactly one part. Parts may be empty. Reads a few lines of
/// each file. A recording that is not there is an Error with exit code 2.
[[nodiscard]] ir::Result<std::vector<Shard>> plan_shards(const std::vector<std::string>& paths, std::size_t count);

/// The latest time in recordings, for filters that count back from it; nothing for standard input and pipes. Archives are read
/// through.
[[nodiscard]] ir::Result<std::optional<std::int64_t>> recording_end(const std::vector<std::string>& paths);

/// FlowFilter::parse, whose durations count back from the end of these recordings.
[[nodiscard]] ir::Result<FlowFilter> filter_of(const FilterFlags&, const std::vector<std::string>& paths);

}  // namespace weir::simulator
