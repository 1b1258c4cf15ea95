// Tested by tests/unit/simulator/segments/replay_test.cpp.

#include "simulator/replay/record_reader.h"

namespace weir::simulator {

ir::Result<RecordReader> RecordReader::open(const Slice& slice, Interned& interned, bool ahead) {
  if (is_segment(slice.path)) {
    ir::Result<SegmentReader> segment = SegmentReader::open(slice, interned);
    if (!segment) return tl::unexpected(segment.error());
    return RecordReader(Either(std::move(*segment)));
  }
  ir::Result<FlowReader> reader = FlowReader::open(slice, interned, ahead);
  if (!reader) return tl::unexpected(reader.error());
  return RecordReader(Either(std::move(*reader)));
}

}  // namespace weir::simulator
