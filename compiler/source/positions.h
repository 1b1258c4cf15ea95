#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ir/base/span.h"

namespace weir::compiler {

/// Byte offset -> line and column of one file. Lines end in LF (CR LF too); both count from 1, columns in bytes.
class Positions {
 public:
  Positions(ir::FileId file, std::string_view text);

  /// The span of the bytes [begin, end).
  [[nodiscard]] ir::Span span(std::size_t begin, std::size_t end) const;

 private:
  struct Place {
    std::uint32_t line, column;
  };
  [[nodiscard]] Place place(std::size_t offset) const;

  ir::FileId file_;
  mutable std::size_t last_ = 0;     // the line found last: the next place is mostly on it
  std::vector<std::size_t> starts_;  // the offset of the first byte of every line
};

/// Character number -> byte offset in a UTF-8 text: libyaml counts characters.
class CharIndex {
 public:
  explicit CharIndex(std::string_view text);
  [[nodiscard]] std::size_t byte(std::size_t character) const;

 private:
  std::string_view text_;
  bool ascii_ = true;
  std::vector<std::size_t> marks_;  // the byte offset of every 64th character
};

}  // namespace weir::compiler
