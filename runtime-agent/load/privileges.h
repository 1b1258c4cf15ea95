#pragma once

#include "ir/base/result.h"

namespace weir::agent {

/// reliability.md C2 row 8: no new privileges, and of what the process has only CAP_BPF and CAP_NET_ADMIN stays, in every
/// set. Fails when one of the two is missing.
[[nodiscard]] ir::Result<void> drop_privileges();

}  // namespace weir::agent
