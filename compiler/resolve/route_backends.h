#pragma once

#include "compiler/api/gateway.h"
#include "compiler/resolve/backend_tls.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// What the backends of a run are looked up in.
struct BackendScope {
  const GatewayObjects& objects;
  const ir::Cluster& cluster;
  const BackendTls& tls;
};

/// A reference to a backend, of a rule or of a mirror.
struct BackendName {
  std::string group, kind, namespace_name, name;
  std::optional<std::uint16_t> port;
  ir::Span origin;
};

/// The reference with its reason when it is invalid, else with its ready pods (gateway.md 30, 32, 33). `weight` and filters
/// are left alone.
[[nodiscard]] ir::Backend resolve_backend(const BackendName&, const RouteObject&, const BackendScope&, ir::Diagnostics&);

}  // namespace weir::compiler
