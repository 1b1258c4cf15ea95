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

// inventory: namespace.cpp, pod.cpp, workload.cpp, node.cpp, service.cpp, endpoints.cpp
void read_namespace(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_pod(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_workload(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_node(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_service(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_endpoint_slice(const Document&, InventoryObjects&, ir::Diagnostics&);
void read_endpoints(const Document&, InventoryObjects&, ir::Diagnostics&);

// policies: network_policy.cpp, cilium_network_policy.cpp, cidr_group.cpp
void read_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);
void read_cilium_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);  // cluster-wide ones too
void read_cidr_group(const Document&, PolicyObjects&, ir::Diagnostics&);

// admin_network_policy.cpp, cluster_network_policy.cpp
void read_admin_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);
void read_baseline_admin_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);
void read_cluster_network_policy(const Document&, PolicyObjects&, ir::Diagnostics&);

// gateway.cpp, listener_set.cpp, gateway_route.cpp, grpc_route.cpp, stream_route.cpp, reference_grant.cpp,
// backend_tls_policy.cpp, gateway_versions.cpp
using GatewayReader = void(const Document&, GatewayObjects&, ir::Diagnostics&);
GatewayReader read_gateway_class, read_gateway, read_listener_set, read_http_route, read_grpc_route, read_tls_route,
    read_tcp_route, read_udp_route, read_reference_grant, read_backend_tls_policy;
GatewayReader read_experimental_gateway_kind;  // XBackend, XBackendTrafficPolicy, XMesh: nothing is kept of them

// policy_test.cpp
void read_policy_test(const Document&, std::vector<PolicyTest>&, ir::Diagnostics&);

}  // namespace weir::compiler
