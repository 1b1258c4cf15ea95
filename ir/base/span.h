#pragma once

#include <compare>
#include <cstdint>

#include "ir/base/id.h"

namespace weir::ir {

using FileId = Id<struct FileTag>;  // index into Files

/// Where a person wrote something: from the first character up to, not including, the end position.
/// Lines and columns count from 1, columns in bytes. line 0 means "no place" (made by weir itself).
struct Span {
  FileId file;
  std::uint32_t line = 0, column = 0;
  std::uint32_t end_line = 0, end_column = 0;
  friend auto operator<=>(const Span&, const Span&) = default;
  [[nodiscard]] bool known() const { return line != 0; }
};

}  // namespace weir::ir
