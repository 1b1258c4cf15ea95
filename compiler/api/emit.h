#pragma once

#include <string>

#include "compiler/api/object_set.h"

namespace weir::compiler {

/// --emit objects: what was read, defaults applied, nothing resolved yet; in the order of the input, one kind after the
/// other. "absent" and "[]" are told apart.
[[nodiscard]] std::string to_text(const Objects&);

}  // namespace weir::compiler
