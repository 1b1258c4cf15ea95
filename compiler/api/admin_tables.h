#pragma once

#include <vector>

#include "compiler/api/fields.h"

namespace weir::compiler {

// The field tables of the kinds of policy.networking.k8s.io, for docs/support.md. Each stands in the .cpp that reads it.
[[nodiscard]] std::vector<const FieldTable*> admin_network_policy_tables();
[[nodiscard]] std::vector<const FieldTable*> cluster_network_policy_tables();
[[nodiscard]] std::vector<const FieldTable*> admin_peer_tables();
[[nodiscard]] std::vector<const FieldTable*> admin_port_tables();

}  // namespace weir::compiler
