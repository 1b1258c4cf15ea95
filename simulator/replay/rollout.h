#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/api/object_set.h"
#include "compiler/resolve/resolve.h"
#include "ir/base/result.h"
#include "simulator/replay/report.h"

namespace weir::simulator {

/// What enforcing the policies for the pods of one namespace would do, everything else being in audit.
struct NamespaceRollout {
  std::string name;
  std::uint64_t drops = 0;             // recorded connections that pass today and would not
  std::uint64_t same = 0, unknown = 0; // connections with an end in the namespace: as recorded, not comparable
  std::vector<ReplayEdge> edges;       // of `drops`; the most connections first
  std::vector<std::string> pods_unseen;  // "shop/web-1": selected by a policy, without a comparable check
  std::size_t wave = 0;                // from 1: namespaces of one wave may go together
};

/// `--plan`: the order in which to enforce, the fewest predicted drops first, and by name where they are equal. Namespaces
/// without a predicted drop are one wave: what enforcing them together drops is what each of them drops.
struct RolloutPlan {
  std::vector<NamespaceRollout> namespaces;
  std::vector<ReplayEdge> audit_drops;  // dropped even with every namespace in audit: what no label stages
  ReplayReport whole;                   // everything enforced
};

/// Objects -> meaning; given by the driver, which knows the settings.
using ResolveObjects = std::function<ir::Result<compiler::Resolved>(const compiler::Objects&)>;
/// The recording under these policies. Reading it once must do for every call.
using TallyPolicies = std::function<ir::Result<ReplayReport>(const compiler::Resolved&)>;

[[nodiscard]] ir::Result<RolloutPlan> plan_rollout(const compiler::Objects&, const ResolveObjects&, const TallyPolicies&);

/// Passes today (recorded, or by the base) and would be dropped: a connection recorded as AUDIT passes.
[[nodiscard]] bool is_new_drop(const ReplayEdge&);

}  // namespace weir::simulator
