#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "ir/base/result.h"
#include "simulator/flows/raw_file.h"

namespace weir::simulator {

/// reliability.md C2 row 2: output over input of a compressed file. It is looked at after `free_bytes` of output, so
/// that one long line of a small log is not taken for a bomb.
struct BombLimit {
  std::uint64_t ratio = 200;
  std::uint64_t free_bytes = 16ull << 20;
};

enum class Packing : std::uint8_t { Plain, Gzip, Zstd };
/// What the first bytes of a file say; names lie.
[[nodiscard]] Packing packing_of(const std::uint8_t* head, std::size_t size);

/// The bytes of a recording after unpacking: plain, gzip (every member) or zstd (every frame), told apart by content.
/// Only one layer is unpacked.
class ByteSource {
 public:
  /// `from`: the first byte wanted of a plain file; anything else has to be read whole and is an Error.
  [[nodiscard]] static ir::Result<std::unique_ptr<ByteSource>> open(const std::string& path, const BombLimit& = {}, std::uint64_t from = 0);
  virtual ~ByteSource() = default;

  /// Up to `bytes` bytes into `out`; 0 at the end or where the damage is.
  virtual std::size_t read(char* out, std::size_t bytes) = 0;
  /// Bytes taken from the disk so far, about.
  [[nodiscard]] virtual std::uint64_t consumed() const { return 0; }
  /// Why the input is not complete, once `read` gave 0; empty: it is.
  [[nodiscard]] const std::string& damage() const { return damage_; }
  /// Something odd that loses no flow (bytes after the gzip stream); empty: nothing.
  [[nodiscard]] const std::string& remark() const { return remark_; }
  [[nodiscard]] virtual bool packed() const { return true; }

 protected:
  std::string damage_, remark_;
};

[[nodiscard]] std::unique_ptr<ByteSource> gzip_source(RawFile, const BombLimit&);
[[nodiscard]] std::unique_ptr<ByteSource> zstd_source(RawFile, const BombLimit&);

/// The same bytes, read ahead by a thread of its own.
[[nodiscard]] std::unique_ptr<ByteSource> prefetch(std::unique_ptr<ByteSource>);

/// Counts both sides of an unpacker.
struct BombGuard {
  BombLimit limit;
  std::uint64_t output = 0;
  /// True when `output` is too much for `input`.
  [[nodiscard]] bool exceeded(std::uint64_t input) const;
  [[nodiscard]] std::string text() const;
};

}  // namespace weir::simulator
