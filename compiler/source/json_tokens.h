#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "compiler/source/problem.h"

namespace weir::compiler {

/// One token of a JSON text, with its place. Commas and colons are checked and left out.
struct JsonToken {
  enum class Kind : std::uint8_t { ObjectStart, ObjectEnd, ArrayStart, ArrayEnd, String, Number, Word };
  Kind kind{};
  std::size_t begin = 0, end = 0;  // relative to the text; a String includes its quotes
};

/// Where one element of `items` stands, relative to the text.
struct JsonItem {
  std::size_t begin = 0, end = 0;
};

struct JsonScan {
  std::vector<JsonToken> tokens;  // of one value
  std::vector<JsonItem> items;    // of scan_json_list
  std::size_t end = 0;            // after the value and the white space behind it
  std::optional<Problem> problem;
};

/// The first value of `text` by RFC 8259, strictly, at most `depth` deep. simdjson reads the values but tells no places;
/// this tells the places and checks the grammar on its own.
[[nodiscard]] JsonScan scan_json(std::string_view text, std::size_t depth);
/// The same in the memory of an earlier scan.
[[nodiscard]] JsonScan scan_json(std::string_view text, std::size_t depth, JsonScan old);

/// The same of an object, but the elements of the lists under its own key `items` give no tokens: they are in `items`.
[[nodiscard]] JsonScan scan_json_list(std::string_view text, std::size_t depth);

}  // namespace weir::compiler
