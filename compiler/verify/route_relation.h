#pragma once

#include <optional>

#include "compiler/verify/policy_diff.h"
#include "compiler/verify/route_diff.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// How two sets of manifests are related, with their gateways.
struct WholeRelation {
  RelationAnswer answer;
  std::optional<RequestDifference> request;  // why it is no, where the connections do not say so
};

/// `answer` speaks of connections. Equivalent are those alone that also answer every request through gateways alike; the other
/// relations compare what passes, and say that requests are no part of them.
[[nodiscard]] WholeRelation with_routes(Relation, RelationAnswer answer, const ir::RouteTable& before, const ir::RouteTable& after);

}  // namespace weir::compiler
