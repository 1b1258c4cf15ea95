#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ir/base/result.h"
#include "simulator/flows/decode.h"
#include "simulator/flows/flow_reader.h"

namespace weir::simulator {

struct PackOptions {
  /// Whether a line belongs to a connection, as replay sees it. Its answer is written into the segment.
  std::function<bool(const Record&)> in_connection;
  std::size_t block_flows = 1 << 20;
  int level = 3;  // of zstd; 0: columns are not compressed
};

/// Records in about the order of time -> a segment (docs/segments.md). Memory is bounded by a block and the connections that a
/// line may still join. The file appears when it is whole.
class SegmentWriter {
 public:
  [[nodiscard]] static ir::Result<SegmentWriter> create(const std::string& path, const Interned&, PackOptions);
  SegmentWriter(SegmentWriter&&) noexcept;
  ~SegmentWriter();

  /// A flow, or an event that changed policy.
  [[nodiscard]] ir::Result<void> add(const Record&);
  /// What the reader of one of the recordings said of it. Once for each.
  void add_stats(const std::string& path, const ReadStats&);
  /// The size of the file.
  [[nodiscard]] ir::Result<std::uint64_t> finish();

 private:
  struct State;
  explicit SegmentWriter(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
