#pragma once

#include <string>

#include "backends/ebpf/bundle/bundle.h"
#include "ir/base/result.h"

namespace weir::agent {

/// The columns of `cilium bpf policy get` (policy.md 9.4) for one pod of the bundle, "NAMESPACE/POD". Exit code 2 when the
/// bundle has no such endpoint. `numeric`: identity numbers instead of labels.
[[nodiscard]] ir::Result<std::string> policy_table(const backends::Bundle&, const std::string& pod, bool numeric);

}  // namespace weir::agent
