// What people are shown of their own input, and what they may have meant.

#include <algorithm>
#include <array>

#include "compiler/api/reader.h"

namespace weir::compiler {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Edits between two short names; two neighbours that changed places are one edit.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j < last.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool equal = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j - 1] + (equal ? 0 : 1), last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last.back();
}

void append_hex(std::string& out, unsigned char byte) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\x";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

}  // namespace

std::string nearest(std::string_view text, const std::vector<std::string_view>& names) {
  constexpr std::size_t kLongest = 64;
  if (text.size() > kLongest) return {};
  std::string_view best;
  std::size_t least = std::min<std::size_t>(2, text.size() / 3) + 1;
  for (const std::string_view name : names) {
    const std::size_t far = name.size() > kLongest ? kLongest : distance(text, name);
    if (far >= least) continue;
    least = far;
    best = name;
  }
  return std::string(best);
}

std::string show(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  std::string out = "`";
  for (const char c : text.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '`')
      append_hex(out, byte);  // also bidi and zero-width characters: nothing invisible is shown
    else
      out += c;
  }
  return out + (text.size() > kLongest ? "...`" : "`");
}

}  // namespace weir::compiler
