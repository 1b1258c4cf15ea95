#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace weir::ir {

/// A file that appears under its name whole or not at all: written without a name (or under a hidden one, where the file system
/// cannot do that), then synced and renamed. Whoever is killed before commit() leaves what was there before.
class AtomicFile {
 public:
  [[nodiscard]] static Result<AtomicFile> create(const std::string& path);
  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  /// Without commit() nothing stays.
  ~AtomicFile();

  [[nodiscard]] Result<void> append(std::string_view bytes);
  [[nodiscard]] Result<void> commit();
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  AtomicFile(int descriptor, std::string path, std::string fresh, bool named)
      : descriptor_(descriptor), path_(std::move(path)), fresh_(std::move(fresh)), named_(named) {}

  int descriptor_;
  std::string path_, fresh_;  // fresh_: beside it, until it is whole
  bool named_;                // fresh_ exists
  std::uint64_t size_ = 0;
};

}  // namespace weir::ir
