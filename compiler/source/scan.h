#pragma once

#include <optional>
#include <string_view>

#include "compiler/source/problem.h"

namespace weir::compiler {

/// The first byte of `text` that no YAML or JSON text may hold: NUL, other control characters, what is not UTF-8, a
/// byte order mark at the start of a later line, a lone CR (`json`: only NUL and UTF-8; the JSON reader does the rest).
/// Offsets are relative to `text` plus `base`.
[[nodiscard]] std::optional<Problem> scan_bytes(std::string_view text, std::size_t base, bool json);

/// What the first bytes of a file say about it as a whole: UTF-16, UTF-32, gzip, zstd, zip.
[[nodiscard]] std::optional<Problem> scan_magic(std::string_view text);

/// The length of the valid UTF-8 sequence at the start of `text`, or 0.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

}  // namespace weir::compiler
