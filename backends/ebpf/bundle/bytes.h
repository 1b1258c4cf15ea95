#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace weir::backends {

/// Little-endian bytes, lengths first. What a bundle's binary files are made of.
class ByteWriter {
 public:
  void u8(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
  void u16(std::uint16_t v) { number(v); }
  void u32(std::uint32_t v) { number(v); }
  void u64(std::uint64_t v) { number(v); }
  void text(std::string_view v) {
    u32(static_cast<std::uint32_t>(v.size()));
    out_.append(v);
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  template <class T>
  void number(T v) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out_.push_back(static_cast<char>(v >> (8 * i) & 0xff));
  }
  std::string out_;
};

/// Reads what ByteWriter wrote. Past the end everything is zero and `ok` is false: check it before using a value.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint8_t u8() { return number<std::uint8_t>(); }
  [[nodiscard]] std::uint16_t u16() { return number<std::uint16_t>(); }
  [[nodiscard]] std::uint32_t u32() { return number<std::uint32_t>(); }
  [[nodiscard]] std::uint64_t u64() { return number<std::uint64_t>(); }
  [[nodiscard]] std::string_view text() { return raw(u32()); }
  /// A count of elements of at least `size` bytes each: never more than the bytes that are left can hold.
  [[nodiscard]] std::uint32_t count(std::size_t size) {
    const std::uint32_t n = u32();
    if (n > bytes_.size() / size) fail();
    return ok_ ? n : 0;
  }
  [[nodiscard]] std::string_view raw(std::size_t size) {
    if (size > bytes_.size()) fail();
    if (!ok_) return {};
    const std::string_view head = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return head;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  /// Every byte was read and none was missing.
  [[nodiscard]] bool finished() const { return ok_ && bytes_.empty(); }

 private:
  void fail() { ok_ = false; }
  template <class T>
  T number() {
    const std::string_view b = raw(sizeof(T));
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < b.size(); ++i) v |= std::uint64_t{static_cast<std::uint8_t>(b[i])} << (8 * i);
    return static_cast<T>(v);
  }
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace weir::backends
