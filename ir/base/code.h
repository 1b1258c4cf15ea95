#pragma once

#include "ir/base/diagnostic.h"

namespace weir::ir {

/// One entry per line of diagnostics.def. Apart from diagnostic.h, so that a new code is compiled only where codes are named.
enum class Code : std::uint16_t {
#define WEIR_DIAGNOSTIC(name, code, slug, severity, effect, title) name,
#include "ir/base/diagnostics.def"
#undef WEIR_DIAGNOSTIC
};

}  // namespace weir::ir
