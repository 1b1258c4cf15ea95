#include "cli/report/display.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace weir::cli {
namespace {

using Range = std::pair<char32_t, char32_t>;

template <std::size_t N>
bool in(const std::array<Range, N>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& r) { return r.first <= code && code <= r.second; });
}

/// Characters that change what a reader sees without being seen: controls, soft hyphen, Arabic letter mark, zero width,
/// bidirectional (Trojan Source, CVE-2021-42574), line and paragraph separator, variation and tag characters.
constexpr std::array<Range, 14> kHidden{{{0x00, 0x1F}, {0x7F, 0x9F}, {0xAD, 0xAD}, {0x34F, 0x34F}, {0x61C, 0x61C},
                                         {0x115F, 0x1160}, {0x180B, 0x180F}, {0x200B, 0x200F}, {0x2028, 0x202E},
                                         {0x2060, 0x206F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFC},
                                         {0xE0000, 0xE0FFF}}};
constexpr std::array<Range, 11> kWide{{{0x1100, 0x115E}, {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6},
                                       {0x1F300, 0x1F64F}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 4> kCombining{{{0x300, 0x36F}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}}};

std::string hex(std::uint32_t value) {
  std::string text;
  for (; value != 0 || text.empty(); value >>= 4) text.insert(text.begin(), "0123456789abcdef"[value & 0xF]);
  return text;
}

std::string two_digits(std::uint32_t value) { return value < 16 ? "0" + hex(value) : hex(value); }

Cell escaped(std::string text) {
  const std::size_t width = text.size();
  return {std::move(text), width, 0};
}

Cell cell_of(std::string_view text, Character character) {
  if (character.length == 0) return escaped("\\x" + two_digits(static_cast<unsigned char>(text[0])));
  if (character.code == '\t') return {"    ", 4, 0};
  if (character.code == '\n') return escaped("\\n");
  if (character.code < 0x20 || character.code == 0x7F) return escaped("\\x" + two_digits(character.code));
  if (in(kHidden, character.code)) return escaped("\\u{" + hex(character.code) + "}");
  const std::size_t width = in(kCombining, character.code) ? 0 : in(kWide, character.code) ? 2 : 1;
  return {std::string(text.substr(0, character.length)), width, 0};
}

}  // namespace

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Character first_character(std::string_view text) {
  if (text.empty()) return {};
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = at(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {};
  char32_t code = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (at(i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[length] || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return {};
  return {code, length};
}

std::vector<Cell> cells_of(std::string_view text) {
  std::vector<Cell> cells;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = first_character(text.substr(at));
    Cell cell = cell_of(text.substr(at), character);
    cell.byte = at;
    cells.push_back(std::move(cell));
    at += std::max<std::size_t>(character.length, 1);
  }
  return cells;
}

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  std::size_t used = 0;
  for (const Cell& cell : cells_of(text.substr(0, most + 4))) {
    if (cell.byte >= most) return out + "...";
    out += cell.text;
    used = cell.byte;
  }
  return text.size() > most + 4 && used != 0 ? out + "..." : out;
}

}  // namespace weir::cli
