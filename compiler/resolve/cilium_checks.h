#pragma once

#include "compiler/resolve/policies.h"

namespace weir::compiler {

/// What the importer of the chosen dialect refuses or warns about, beside what the API itself demands: removed fields
/// (policy.md 3.4, 3.5), features that are switched off (section 0), a subject in another namespace (2.5), port names that
/// nobody defines (3.8).
void check_cilium_rule(const CiliumRule&, const ObjectMeta&, const PolicyContext&);

}  // namespace weir::compiler
