#pragma once

#include <string>

#include "ir/base/diagnostic.h"
#include "ir/base/files.h"

namespace weir::cli {

struct RenderOptions {
  bool color = false;
  bool brief = false;  // --diagnostics=short: one line each
};

/// Diagnostics as a person reads them, in the order given: code, message, place, source lines with carets, notes, help.
/// Source lines are cut to a window around the caret, hidden characters are shown, and no line of a file that holds a
/// Secret is.
[[nodiscard]] std::string render(const ir::Diagnostics&, const ir::Files&, RenderOptions);

}  // namespace weir::cli
