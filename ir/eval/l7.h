#pragma once

#include <optional>

#include "ir/cluster/cluster.h"
#include "ir/flow/decision.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"

namespace weir::ir {

/// What the request rules of both sides say about flow.request (policy.md section 5); absent when no such rule speaks
/// about it on either side.
[[nodiscard]] std::optional<L7Decision> decide_request(const PolicySet&, const Cluster&, const Flow&);

/// The same of one side.
[[nodiscard]] std::optional<L7Decision> decide_request(const PolicySet&, const Cluster&, const Flow&, Direction);

}  // namespace weir::ir
