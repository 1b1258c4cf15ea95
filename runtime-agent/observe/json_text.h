#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::agent {

/// Appends `text` as a JSON string: an event is written for every new connection, so no document tree is built.
inline void append_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') (out += '\\') += c;
    else if (byte < 0x20 || byte == 0x7f) (((out += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15]);
    else out += c;
  }
  out += '"';
}

inline void append_number(std::string& out, std::uint64_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

/// `"key":` with a comma before it unless the object was just opened.
inline void append_key(std::string& out, std::string_view key) {
  if (out.empty() || out.back() != '{') out += ',';
  append_string(out, key);
  out += ':';
}
inline void append_field(std::string& out, std::string_view key, std::string_view text) {
  append_key(out, key);
  append_string(out, text);
}
inline void append_field(std::string& out, std::string_view key, std::uint64_t value) {
  append_key(out, key);
  append_number(out, value);
}

}  // namespace weir::agent
