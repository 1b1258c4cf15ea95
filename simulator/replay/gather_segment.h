#pragma once

#include <cstdint>
#include <functional>

#include "ir/base/result.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/replay/gather.h"
#include "simulator/replay/plan.h"

namespace weir::simulator {

/// Whether a part of the recordings can be read by connections and not by lines: it is a whole segment, or some blocks of it,
/// packed by the rules of this weir, and the recordings are nothing but this segment.
[[nodiscard]] bool reads_by_connection(const Shard&, const GatherOptions&);

/// The blocks of a slice of a segment -> Gathered, as if each of its lines had been given to Gather. Gives what is to be said of
/// the segment. `progress`: bytes and flows of the block that was just read.
[[nodiscard]] ir::Result<ReadStats> gather_segment(const Slice&, Gathered&, Gather&, const GatherOptions&,
                                                   const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace weir::simulator
