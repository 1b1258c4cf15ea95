#pragma once

#include "compiler/api/cilium_l7.h"
#include "compiler/api/policy.h"

namespace weir::compiler {

/// toPorts and icmps of a rule element into `out.port_rules` and `out.icmps`.
void read_cilium_ports(const FieldReader& element, const PortContext&, CiliumElement& out);

}  // namespace weir::compiler
