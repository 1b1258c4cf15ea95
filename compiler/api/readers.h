#pragma once

#include <vector>

#include "compiler/api/gateway.h"
#include "compiler/api/inventory.h"
#include "compiler/api/policy.h"
#include "compiler/api/policy_test.h"
#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

// One function for each kind, in the .cpp of its name: adds the object of a document to the list it belongs to and
// reports what is wrong with it. object_set.cpp calls them after it has looked at apiVersion and kind.

// inventory: namespace.cpp, pod.cpp, workload.cpp, node.cpp, service.cpp, endpoints.cpp, secret.cpp
void read_namespace(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_pod(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_workload(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_node(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_service(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_endpoint_slice(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_endpoints(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_secret(const Document&, InventoryObjects&, ir::Diagnostics&);

// policies: network_policy.cpp, cilium_network_policy.cpp, cidr_group.cpp
void read_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);
void read_cilium_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);  // cluster-wide ones too
void read_cidr_group(const Document&, PolicyObjects&, ir::Diagnostics&);

// admin_network_policy.cpp, cluster_network_policy.cpp
void read_admin_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);
void read_baseline_admin_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);
void read_cluster_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);

// gateway.cpp, policy_test.cpp
void read_gateway_class(const Document&, GatewayObjects&, ir::Diagnostics&);
void read_gateway(const Document&, GatewayObjects&, ir::Diagnostics&);
void read_http_route(const Document&, GatewayObjects&, ir::Diagnostics&);
void read_policy_test(const Document&, std::vector<PolicyTest>&, ir::Diagnostics&);

}  // namespace weir::compiler
