#pragma once

#include "compiler/api/gateway.h"
#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// spec.tls of a Gateway: who clients have to be, and who the gateway is to its backends (gateway.md 38).
void read_gateway_tls(const Node&, GatewayObject&, ir::Diagnostics&);

}  // namespace weir::compiler
