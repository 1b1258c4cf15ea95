#pragma once

#include <string>
#include <vector>

#include "compiler/api/gateway.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/gateway_dialect.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// A listener with the objects it comes from, in the order of RouteTable::listeners.
struct ResolvedListener {
  ir::Listener listener;
  const ListenerObject* object = nullptr;
  const GatewayObject* gateway = nullptr;
};

/// Every listener of every Gateway, by (namespace, name) of the Gateway and then as written; conflicted ones are not
/// usable (gateway.md 6 to 8).
[[nodiscard]] std::vector<ResolvedListener> resolve_listeners(const GatewayObjects&, ir::GatewayDialect, ir::Diagnostics&);

/// "shop/web"
[[nodiscard]] std::string name_of(const ObjectMeta&);

}  // namespace weir::compiler
