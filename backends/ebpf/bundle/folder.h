#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "ir/base/result.h"

namespace weir::backends {

/// reliability.md C2 row 4: every byte but letters, digits, `_`, `-` and an inner `.` becomes %XX. Never empty, never
/// `.` or `..`, so the result is one plain path component.
[[nodiscard]] std::string percent_encoded(std::string_view name);

/// A regular file, at most `limit` bytes, never through a symbolic link.
[[nodiscard]] ir::Result<std::string> read_file(const std::filesystem::path&, std::uint64_t limit);
/// Written beside its place under a temporary name, synced, then renamed.
[[nodiscard]] ir::Result<void> write_file(const std::filesystem::path&, std::string_view bytes, unsigned mode);

/// Replaces the whole folder `dir` by these files: a reader sees the old one, none for an instant, or the new one,
/// never a mixture. An existing `dir` that holds anything but an earlier bundle is refused.
[[nodiscard]] ir::Result<void> replace_folder(const std::filesystem::path& dir,
                                              const std::map<std::string, std::string>& files);

}  // namespace weir::backends
