#pragma once

#include <string_view>
#include <vector>

namespace weir::compiler {

/// One document of a YAML stream, with its `---` line when it has one.
struct Chunk {
  std::size_t begin = 0;
  std::string_view text;
};

/// Cuts a stream at the lines that start with `---` and after those that start with `...` (YAML 1.2 section 9.1: neither
/// can stand at the start of a line inside a document), so that a broken document does not hide the next ones.
/// Pieces of nothing but blanks and comments are left out.
[[nodiscard]] std::vector<Chunk> split_documents(std::string_view text);

/// The offset of the first byte that is neither blank nor comment, or npos. `---` at the start counts as blank.
[[nodiscard]] std::size_t first_content(std::string_view text);

}  // namespace weir::compiler
