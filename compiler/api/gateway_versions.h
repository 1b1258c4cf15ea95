#pragma once

#include "compiler/api/kinds.h"
#include "compiler/source/load.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// WEIR0423 when the standard channel of the Gateway API does not serve the document's version (gateway.md 1).
void check_gateway_version(const Document&, const KindInfo&, ir::Diagnostics&);

}  // namespace weir::compiler
