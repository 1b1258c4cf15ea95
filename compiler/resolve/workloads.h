#pragma once

#include "compiler/api/inventory.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {

/// The workload a pod belongs to, from its owner: a ReplicaSet made by a Deployment counts as the Deployment, a Job made
/// by a CronJob as the CronJob; without an owner the pod is its own, kind "Pod".
[[nodiscard]] ir::Workload workload_of(const PodObject&);

/// The workloads whose pods must be made from the template: none of `pods` is theirs, by owner or by selector, and no
/// workload above them is in the list.
[[nodiscard]] std::vector<const WorkloadObject*> without_pods(const InventoryObjects&);

/// The name that the made pod of a workload is shown under: kind and name of the topmost owner.
[[nodiscard]] ir::Workload top_workload(const WorkloadObject&);

}  // namespace weir::compiler
