#pragma once

#include <cstddef>
#include <string>

#include "ir/base/files.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// Entries that the policy map of an endpoint holds in Cilium: `bpf-policy-map-max` by default, and the most it can be.
inline constexpr std::size_t kPolicyMapDefault = 16384, kPolicyMapMost = 65536;

/// `--emit capacity`: for each distinct endpoint the entries that Cilium would install and the rules that cost most, then
/// the sizes of weir's own tables for the whole cluster. Deterministic.
[[nodiscard]] std::string capacity_text(const ir::PolicySet&, const ir::Cluster&, const ir::Files&);

}  // namespace weir::compiler
