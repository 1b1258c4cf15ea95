#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace weir::simulator {

/// Bytes -> one zstd frame, or the bytes themselves where that is not smaller. `level` 0: always the bytes.
class Compressor {
 public:
  explicit Compressor(int level);
  ~Compressor();
  [[nodiscard]] std::string compress(std::string_view bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Decompressor {
 public:
  Decompressor();
  Decompressor(Decompressor&&) noexcept;
  Decompressor& operator=(Decompressor&&) noexcept;
  ~Decompressor();
  /// False: the frame does not give `size` bytes. `size` is at most kMaxColumn.
  [[nodiscard]] bool decompress(std::string_view frame, std::uint64_t size, std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// CRC-64 of the xz format (ECMA-182, reflected).
[[nodiscard]] std::uint64_t crc64(std::string_view bytes);

}  // namespace weir::simulator
