#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace weir::simulator {

/// Bytes of a column, written front to back.
struct ByteWriter {
  std::string bytes;

  void byte(std::uint8_t value) { bytes.push_back(static_cast<char>(value)); }
  void text(std::string_view value) { bytes.append(value); }
  /// LEB128: seven bits a byte, the lowest first.
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) byte(static_cast<std::uint8_t>(value | 128));
    byte(static_cast<std::uint8_t>(value));
  }
  template <class T>
  void fixed(T value) {
    static_assert(std::is_integral_v<T>);
    for (std::size_t i = 0; i < sizeof value; ++i) byte(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
};

/// Bytes of a column, read front to back. What is not there reads as 0 and makes it bad.
class ByteReader {
 public:
  ByteReader() = default;
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool bad() const { return bad_; }
  /// Everything was read, and was there.
  [[nodiscard]] bool done() const { return !bad_ && at_ == end_; }
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  std::uint8_t byte() {
    if (at_ == end_) return bad_ = true, 0;
    return static_cast<std::uint8_t>(*at_++);
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) break;
      const auto next = static_cast<std::uint8_t>(*at_++);
      value |= static_cast<std::uint64_t>(next & 127) << shift;
      if (next < 128) return value;
    }
    return bad_ = true, 0;
  }
  /// A varint below `limit`.
  std::uint32_t below(std::uint64_t limit) {
    const std::uint64_t value = varint();
    if (value < limit) return static_cast<std::uint32_t>(value);
    return bad_ = true, 0;
  }
  std::string_view text(std::uint64_t size) {
    if (size > left()) return bad_ = true, std::string_view();
    const std::string_view found(at_, size);
    at_ += size;
    return found;
  }
  template <class T>
  T fixed() {
    const std::string_view found = text(sizeof(T));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < found.size(); ++i) value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(found[i])) << (8 * i);
    return static_cast<T>(value);
  }

 private:
  const char *at_ = nullptr, *end_ = nullptr;
  bool bad_ = false;
};

}  // namespace weir::simulator
