#include "compiler/source/scan.h"
#include "ir/base/code.h"

#include <array>
#include <cstdint>
#include <utility>

namespace weir::compiler {
namespace {

using namespace std::string_view_literals;

struct Sequence {
  std::size_t length = 0;  // 0: not UTF-8
  std::uint32_t code = 0;
};

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Sequence decode(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = at(0);
  if (first < 0x80) return {1, first};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {};
  std::uint32_t code = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (at(i) & 0x3Fu);
  }
  constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest[length] || surrogate || code > 0x10FFFF) return {};
  return {length, code};
}

std::string hex(std::uint32_t value, int digits) {
  std::string text;
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) text += "0123456789ABCDEF"[value >> shift & 0xF];
  return text;
}

/// YAML 1.2 section 5.1, c-printable.
bool printable(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  if (code < 0xA0) return code < 0x7F || code == 0x85;
  return code != 0xFFFE && code != 0xFFFF;
}

Problem bad(std::size_t at, std::size_t length, std::string detail, std::string fix) {
  return {.code = ir::Code::BadEncoding, .begin = at, .end = at + length, .detail = std::move(detail),
          .fix = std::move(fix)};
}

/// What is wrong with the character at `at`, if anything.
std::optional<Problem> judge(std::string_view text, std::size_t at, std::size_t base, Sequence seen, bool json) {
  if (seen.length == 0)
    return bad(base + at, 1, "byte 0x" + hex(static_cast<unsigned char>(text[at]), 2) + " is not valid UTF-8 here",
               "save the file as UTF-8");
  if (seen.code == 0) return bad(base + at, 1, "a NUL byte", "remove it, or check that this is a text file");
  if (json) return std::nullopt;
  if (!printable(seen.code))
    return bad(base + at, seen.length, "the control character U+" + hex(seen.code, 4), "remove it, or write it as an escape in double quotes");
  const bool line_start = at == 0 ? base != 0 : text[at - 1] == '\n';
  if (seen.code == 0xFEFF && line_start)
    return bad(base + at, 3, "a byte order mark inside the file", "remove it; were two files put together?");
  if (seen.code == '\r' && (at + 1 == text.size() || text[at + 1] != '\n'))
    return bad(base + at, 1, "a carriage return that ends no line", "save the file with LF or CR LF line ends");
  return std::nullopt;
}

}  // namespace

std::size_t utf8_length(std::string_view text) { return text.empty() ? 0 : decode(text).length; }

std::optional<Problem> scan_bytes(std::string_view text, std::size_t base, bool json) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\t') {
      ++at;
      continue;
    }
    const Sequence seen = decode(text.substr(at));
    if (auto problem = judge(text, at, base, seen, json)) return problem;
    at += seen.length;
  }
  return std::nullopt;
}

std::optional<Problem> scan_magic(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kinds{{
      {"\x1F\x8B"sv, "gzip data"}, {"\x28\xB5\x2F\xFD"sv, "zstd data"}, {"PK\x03\x04"sv, "a zip archive"},
      {"\xFF\xFE\0\0"sv, "UTF-32 text"}, {"\0\0\xFE\xFF"sv, "UTF-32 text"}, {"\xFF\xFE"sv, "UTF-16 text"},
      {"\xFE\xFF"sv, "UTF-16 text"}, {"\x7F" "ELF"sv, "an ELF program"},
  }};
  for (const auto& [magic, what] : kinds)
    if (text.starts_with(magic))
      return bad(0, magic.size(), "this file holds " + std::string(what) + ", not UTF-8 text",
                 what.starts_with("UTF") ? "save the file as UTF-8" : "unpack it first");
  return std::nullopt;
}

std::string clip(std::string_view text) {
  constexpr std::size_t kMost = 40;
  std::string out;
  for (const char c : text.substr(0, kMost)) out += c >= 0x20 && c < 0x7F && c != '`' ? c : '?';
  return text.size() > kMost ? out + "..." : out;
}

}  // namespace weir::compiler
