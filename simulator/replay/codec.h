#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weir::simulator {

/// Values end to end: numbers as LEB128, signed ones zigzag, texts with their length in front.
class Encoder {
 public:
  template <class T>
    requires std::is_unsigned_v<T>
  void put(T value) {
    std::uint64_t rest = value;
    for (; rest >= 0x80; rest >>= 7) bytes_ += static_cast<char>(rest | 0x80);
    bytes_ += static_cast<char>(rest);
  }
  template <class T>
    requires std::is_enum_v<T>
  void put(T value) {
    put(static_cast<std::uint64_t>(value));
  }
  void put(std::int64_t value) { put((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63)); }
  void put(std::string_view text) {
    put(text.size());
    bytes_ += text;
  }
  template <std::size_t Size>
  void raw(const std::array<std::uint8_t, Size>& value) {
    bytes_.append(reinterpret_cast<const char*>(value.data()), Size);
  }
  [[nodiscard]] std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what Encoder wrote. After the first thing that does not fit everything reads as zero, and good() is false.
class Decoding {
 public:
  explicit Decoding(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  /// A number that is at most `most`.
  std::uint64_t number(std::uint64_t most) {
    const std::uint64_t value = number();
    if (value > most) fail();
    return good_ ? value : 0;
  }
  template <class T>
  T small() {
    return static_cast<T>(number(static_cast<std::uint64_t>(static_cast<std::make_unsigned_t<T>>(-1))));
  }
  template <class T>
  T one_of(T last) {
    return static_cast<T>(number(static_cast<std::uint64_t>(last)));
  }
  bool flag() { return number(1) != 0; }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
  }
  /// How many values follow; each takes a byte at least.
  std::uint64_t count() { return number(rest_.size()); }
  std::string_view text() {
    const std::uint64_t size = count();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  template <std::size_t Size>
  void raw(std::array<std::uint8_t, Size>& value) {
    if (rest_.size() < Size) return fail();
    std::memcpy(value.data(), rest_.data(), Size);
    rest_.remove_prefix(Size);
  }
  void fail() {
    good_ = false;
    rest_ = {};
  }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace weir::simulator
