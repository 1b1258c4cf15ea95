#pragma once

#include <optional>

#include "compiler/api/object_set.h"
#include "compiler/resolve/gateway_status.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// What a run means: the inventory, the rules and the routes.
struct Resolved {
  ir::Cluster cluster;
  ir::PolicySet policies;
  ir::RouteTable routes;
  GatewayStatus gateway_status;
};

/// The rules as they are about any pod that may come, whatever its number for a port that a rule names (policy.md 3.8); the
/// label of such a pod is named_port_label() without a number. Nothing: no rule names a port, so they are those of today.
[[nodiscard]] std::optional<ir::PolicySet> policies_of_any_pod(const Objects&, const ir::Cluster&);

/// Whether to look for what is legal and probably not meant: only those who show findings need it.
enum class Lints : bool { No, Yes };

/// objects + settings -> meaning. Dangling references and lints go to the diagnostics.
[[nodiscard]] Resolved resolve(const Objects&, const ir::Settings&, const ir::Files&, ir::Diagnostics&, Lints = Lints::Yes);

}  // namespace weir::compiler
