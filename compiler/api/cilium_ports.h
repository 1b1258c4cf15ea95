#pragma once

#include "compiler/api/policy.h"

namespace weir::compiler {

/// toPorts and icmps of a rule element into `out.ports`, `out.icmps` and `out.assumptions`.
void read_cilium_ports(const FieldReader& element, bool deny, CiliumElement& out);

}  // namespace weir::compiler
