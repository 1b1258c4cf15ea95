#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// One character of a text as a terminal shows it. Control, bidirectional and invisible characters, and bytes that are
/// no UTF-8, are shown as escapes: `\u{202e}`, `\x1b`.
struct Cell {
  std::string text;
  std::size_t width = 1;  // columns of a terminal
  std::size_t byte = 0;   // where the character starts in the text it came from
};

[[nodiscard]] std::vector<Cell> cells_of(std::string_view text);

/// `text` made safe to print: on one line, no escape sequence, nothing hidden, at most `most` bytes of it.
[[nodiscard]] std::string printable(std::string_view text, std::size_t most = 2000);

/// Decodes one UTF-8 character; `length` 0 and code 0xFFFD when it is none.
struct Character {
  char32_t code = 0xFFFD;
  std::size_t length = 0;
};
[[nodiscard]] Character first_character(std::string_view text);

}  // namespace weir::cli
