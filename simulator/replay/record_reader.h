#pragma once

#include <variant>

#include "simulator/flows/flow_reader.h"
#include "simulator/segments/segment_reader.h"

namespace weir::simulator {

/// A recording of either form -> records.
class RecordReader {
 public:
  /// As FlowReader::open; a segment is known by its first bytes.
  [[nodiscard]] static ir::Result<RecordReader> open(const Slice&, Interned&, bool ahead = false);

  bool next(Record& record) {
    return std::visit([&](auto& reader) { return reader.next(record); }, reader_);
  }
  [[nodiscard]] const ReadStats& stats() const {
    return std::visit([](const auto& reader) -> const ReadStats& { return reader.stats(); }, reader_);
  }
  [[nodiscard]] std::uint64_t consumed() const {
    return std::visit([](const auto& reader) { return reader.consumed(); }, reader_);
  }

 private:
  using Either = std::variant<FlowReader, SegmentReader>;
  explicit RecordReader(Either reader) : reader_(std::move(reader)) {}
  Either reader_;
};

}  // namespace weir::simulator
