#pragma once

#include <string>

#include "compiler/verify/dialect_diff.h"
#include "ir/base/files.h"

namespace weir::cli {

/// `weir diff --dialect-from ... -o json` (kind DialectDiff), with its line end.
[[nodiscard]] std::string dialect_diff_json(const compiler::DialectDiff&, const ir::Files&);
/// The same for people: one block for each policy.
[[nodiscard]] std::string dialect_diff_text(const compiler::DialectDiff&, const ir::Files&);

}  // namespace weir::cli
