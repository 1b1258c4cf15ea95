#pragma once

#include <memory>
#include <string>

#include "ir/base/result.h"
#include "simulator/flows/decode.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/flows/slice.h"
#include "simulator/segments/segment_file.h"

namespace weir::simulator {

/// The blocks of a slice: those that begin in it.
struct BlockRange {
  std::size_t begin = 0, end = 0;
};
[[nodiscard]] BlockRange blocks_in(const SegmentIndex&, const Slice&);

/// What is to be said of a segment, or of the part of it that begins with block 0 (every other part says only what it read):
/// the packer's numbers, and that it is cut off. `read` is left to the caller.
[[nodiscard]] ReadStats stats_of(const SegmentIndex&, const Slice&, Interned&);
/// What a block that cannot be read is called.
[[nodiscard]] std::string block_damage(std::size_t block);

/// A line without its ends and its time: where the kind has addresses, they are of no meaning.
void fill_kind_record(const Kind&, Record&);
/// A line of a block as a Record, without its time where it is one of a piece, and without its detail.
void fill_piece_record(const Block&, const BlockPiece&, const Kind&, const Interned&, Record&);
void fill_loose_record(const Block&, const LooseFlow&, const Interned&, Record&);

/// A segment -> records, one at a time, block after block in order of time, as FlowReader gives those of a recording.
class SegmentReader {
 public:
  [[nodiscard]] static ir::Result<SegmentReader> open(const Slice&, Interned&);
  SegmentReader(SegmentReader&&) noexcept;
  ~SegmentReader();

  /// The next flow or event that changed policy; false at the end.
  bool next(Record&);
  /// Complete once next() gave false.
  [[nodiscard]] const ReadStats& stats() const;
  /// Bytes of the file that are done with.
  [[nodiscard]] std::uint64_t consumed() const;

 private:
  struct State;
  explicit SegmentReader(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
