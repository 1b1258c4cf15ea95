#pragma once

#include "compiler/api/object_set.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {

/// Inventory -> Cluster, sorted. Namespaces that other objects only name are added without a place; a workload without a
/// Pod of its own gets one from its template, called NAME-0. Pods that have finished are left out. Nodes of other clusters
/// are called CLUSTER/NAME, also by their pods.
[[nodiscard]] ir::Cluster resolve_cluster(const Objects&, const ir::Settings&);

}  // namespace weir::compiler
