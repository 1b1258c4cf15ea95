#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "ir/base/result.h"

namespace weir::simulator {

/// The bytes of one file or of standard input ("-"), through a small buffer that decoders consume from.
class RawFile {
 public:
  [[nodiscard]] static ir::Result<RawFile> open(const std::string& path);
  RawFile(RawFile&&) noexcept;
  RawFile& operator=(RawFile&&) = delete;
  ~RawFile();

  /// Makes at least `wanted` bytes available when the file still has them; false when fewer are left.
  bool fill(std::size_t wanted);
  [[nodiscard]] const std::uint8_t* data() const { return buffer_.get() + begin_; }
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }
  void consume(std::size_t bytes);
  /// Reads straight into `out`, buffered bytes first. 0 at the end.
  std::size_t read(char* out, std::size_t bytes);

  /// Goes on at this byte of the file; false for what cannot be entered in the middle (a pipe).
  bool seek(std::uint64_t offset);
  [[nodiscard]] std::uint64_t consumed() const { return consumed_; }
  /// What the system said when a read failed; empty: none did.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  explicit RawFile(int descriptor);
  std::size_t read_descriptor(void* out, std::size_t bytes);

  int descriptor_ = -1;
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t consumed_ = 0;
  std::string failure_;
};

}  // namespace weir::simulator
