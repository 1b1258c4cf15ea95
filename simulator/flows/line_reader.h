#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "simulator/flows/byte_source.h"

namespace weir::simulator {

/// Bytes that may be read past the end of a line: simdjson loads whole registers.
inline constexpr std::size_t kPadding = 64;

/// One line without its end. Valid until the next call; kPadding bytes after it are readable.
struct Line {
  char* data = nullptr;
  std::size_t size = 0;
  std::uint64_t number = 0;  // from 1
  bool too_long = false;     // over the limit: its bytes were thrown away
};

/// Bytes -> lines, in one buffer that never grows (reliability.md C2 row 2).
class LineReader {
 public:
  static constexpr std::size_t kLineLimit = 1 << 20;

  explicit LineReader(std::unique_ptr<ByteSource> source) : LineReader(std::move(source), 0, kNoEnd) {}
  /// The lines that begin in [begin, end) of the file. `source` starts one byte before `begin`, if that is not 0: whether a
  /// line begins there is told by what stands in front of it.
  LineReader(std::unique_ptr<ByteSource> source, std::uint64_t begin, std::uint64_t end);
  /// False at the end. The last line needs no line end.
  bool next(Line& line);
  [[nodiscard]] const ByteSource& source() const { return *source_; }
  /// Where the first line begins in the file, once next() was called.
  [[nodiscard]] std::uint64_t first() const { return first_; }
  /// Where the last line that was given begins in the file.
  [[nodiscard]] std::uint64_t last_begin() const { return last_begin_; }

 private:
  static constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();
  bool refill();
  void enter();
  [[nodiscard]] std::uint64_t offset() const { return base_ + begin_; }
  bool take(Line& line, std::size_t length, bool with_end);
  bool skip_long(Line& line);

  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_;
  std::size_t begin_ = 0, scanned_ = 0, end_ = 0;
  std::uint64_t base_ = 0, stop_ = kNoEnd;  // bytes of the file: where the buffer begins, where lines no longer do
  std::uint64_t first_ = 0, last_begin_ = 0;
  std::uint64_t number_ = 0;
  bool entered_ = true;
  bool ended_ = false;
};

}  // namespace weir::simulator
