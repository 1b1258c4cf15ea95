#pragma once

#include "ir/base/files.h"
#include "ir/base/result.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"
#include "ir/tables/table_set.h"

namespace weir::compiler {

/// Whether the agent can enforce these tables as they are: it has no proxy for requests, no authentication, and no rules
/// on nodes. Exit code 3 with the rule that asks for more and why; enforcing less would let through what policy refuses.
[[nodiscard]] ir::Result<void> enforceable(const ir::TableSet&, const ir::PolicySet&, const ir::Cluster&, const ir::Files&);

}  // namespace weir::compiler
