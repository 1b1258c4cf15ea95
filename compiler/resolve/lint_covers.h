#pragma once

#include "ir/cluster/selector.h"
#include "ir/cluster/settings.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

// What can be said of two rules from their text alone: true is certain, false is "not seen".

/// Whatever `narrow` matches, `wide` matches too.
[[nodiscard]] bool covers(const ir::Selector& wide, const ir::Selector& narrow);
/// No label set of a pod satisfies both.
[[nodiscard]] bool exclude_each_other(const ir::Selector&, const ir::Selector&);
/// Every peer of `narrow`, and it has some.
[[nodiscard]] bool covers_peers(const ir::Rule& wide, const ir::Rule& narrow, const ir::Settings&);
/// Every port of `narrow`, and it has some.
[[nodiscard]] bool covers_ports(const ir::Rule& wide, const ir::Rule& narrow);

}  // namespace weir::compiler
