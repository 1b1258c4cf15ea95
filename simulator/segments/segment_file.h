#pragma once

#include <memory>
#include <string>

#include "ir/base/result.h"
#include "simulator/segments/block.h"
#include "simulator/segments/segment_index.h"

namespace weir::simulator {

/// Whether a file begins as a segment does. What cannot be opened or entered in the middle (a pipe) does not.
[[nodiscard]] bool is_segment(const std::string& path);

/// A segment on disk, its index in memory.
class SegmentFile {
 public:
  /// Of a file that is cut off or whose end is damaged, the blocks before are found by their headers: index().whole is false.
  [[nodiscard]] static ir::Result<SegmentFile> open(const std::string& path);
  SegmentFile(SegmentFile&&) noexcept;
  SegmentFile& operator=(SegmentFile&&) = delete;
  ~SegmentFile();

  [[nodiscard]] const SegmentIndex& index() const { return index_; }
  /// False: the block is damaged.
  [[nodiscard]] bool load(std::size_t block, Interned&, Block&, Block::Parts = Block::Parts::All) const;

 private:
  SegmentFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  [[nodiscard]] bool read(std::uint64_t offset, std::uint64_t size, std::string& bytes) const;
  [[nodiscard]] bool read_index();
  void find_blocks();

  int descriptor_;
  std::uint64_t size_;
  SegmentIndex index_;
};

}  // namespace weir::simulator
