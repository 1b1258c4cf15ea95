#pragma once

#include <cstdint>
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

  explicit LineReader(std::unique_ptr<ByteSource> source);
  /// False at the end. The last line needs no line end.
  bool next(Line& line);
  [[nodiscard]] const ByteSource& source() const { return *source_; }

 private:
  bool refill();
  bool take(Line& line, std::size_t length, bool with_end);
  bool skip_long(Line& line);

  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_;
  std::size_t begin_ = 0, scanned_ = 0, end_ = 0;
  std::uint64_t number_ = 0;
  bool ended_ = false;
};

}  // namespace weir::simulator
