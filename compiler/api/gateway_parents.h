#pragma once

#include <vector>

#include "compiler/api/gateway.h"
#include "compiler/api/reader.h"

namespace weir::compiler {

inline constexpr std::string_view kExperimentalGatewayGroup = "gateway.networking.x-k8s.io";

/// `parentRefs` and `useDefaultGateways` of a route. XListenerSet is read as the ListenerSet that it has become.
void read_parents(const FieldReader& spec, RouteObject&);

/// spec.parentRef of a ListenerSet: the Gateway it adds to.
[[nodiscard]] ParentRef read_parent_gateway(const Node&, const ObjectMeta& owner, ir::Diagnostics&);

}  // namespace weir::compiler
