#pragma once

#include <vector>

#include "compiler/source/tree.h"
#include "ir/base/ip.h"

namespace weir::compiler {

/// The addresses of type IPAddress that a Gateway asks for (spec) and that its controller gave it (status); sorted, unique.
/// What is no address is left out: the reader of the field reports it.
[[nodiscard]] std::vector<ir::IpAddress> gateway_addresses(const Node& gateway);

}  // namespace weir::compiler
