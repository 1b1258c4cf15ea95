#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/files.h"
#include "ir/base/span.h"

namespace weir::cli {

/// A place to underline: `^^^^ text` when primary, `---- text` otherwise.
struct Mark {
  ir::Span span;
  std::string text;
  bool primary = false;
};

/// Lines of the input by number, without walking a file twice.
class LineTable {
 public:
  explicit LineTable(const ir::Files& files) : files_(files) {}
  /// Line `line` (from 1) without its end; empty when the text is not kept or holds a Secret.
  [[nodiscard]] std::string_view line(ir::FileId file, std::uint32_t line);

 private:
  const ir::Files& files_;
  std::map<ir::FileId, std::vector<std::size_t>> starts_;
};

/// One row below a file's header: the gutter's number (empty for an underline) and what stands behind it.
struct SnippetRow {
  std::string number;
  std::string text;
  bool primary = false;
  bool underline = false;
};

/// The lines that `marks` (all of one file, sorted by place) point into, each with its underlines.
[[nodiscard]] std::vector<SnippetRow> snippet(LineTable&, const std::vector<Mark>& marks);

}  // namespace weir::cli
