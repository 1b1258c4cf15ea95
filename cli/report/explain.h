#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"

namespace weir::cli {

/// A page of docs/diagnostics/, built into the program (cmake/embed.cmake).
struct EmbeddedPage {
  std::string_view code;  // "WEIR0201"
  std::string_view text;
};

/// Sorted by code.
[[nodiscard]] const std::vector<EmbeddedPage>& embedded_pages();

/// `weir explain WEIR0201` or `weir explain rule-shadowed`: the page of a code. An Error with exit code 2 when there is no
/// such code, naming the nearest.
[[nodiscard]] ir::Result<std::string> explain(std::string_view code_or_slug);

/// `weir explain` without a code: every code with its severity and title.
[[nodiscard]] std::string explain_all();

}  // namespace weir::cli
