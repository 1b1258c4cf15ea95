#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ir/base/code.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// Why a document cannot be read, with byte offsets into its file. At most one for a document: nothing after it is
/// trusted.
struct Problem {
  ir::Code code = ir::Code::SyntaxError;
  std::size_t begin = 0, end = 0;
  std::string detail{};
  std::string fix{};
  std::optional<std::size_t> context{};  // where the construct that broke began
  std::string context_text{};
};

/// A short piece of the input for a message: at most 40 bytes, control and non-ASCII bytes shown as `?`.
[[nodiscard]] std::string clip(std::string_view text);

}  // namespace weir::compiler
