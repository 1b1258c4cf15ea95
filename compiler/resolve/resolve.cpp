#include "compiler/resolve/resolve.h"

#include "compiler/resolve/certificates.h"
#include "compiler/resolve/cluster.h"
#include "compiler/resolve/gateway_addresses.h"
#include "compiler/resolve/gateway_lints.h"
#include "compiler/resolve/lints.h"
#include "compiler/resolve/lints_routes.h"
#include "compiler/resolve/policies.h"
#include "compiler/resolve/routes.h"
#include "compiler/resolve/used_ports.h"

namespace weir::compiler {

Resolved resolve(const Objects& objects, const ir::Settings& settings, const ir::Files& files,
                 ir::Diagnostics& diagnostics, Lints lints) {
  Resolved out;
  out.cluster = resolve_cluster(objects, settings);
  resolve_certificates(objects.gateway, out.cluster);
  out.policies = resolve_policies(objects.policies, out.cluster, diagnostics);
  ResolvedRoutes routes = resolve_routes(objects.gateway, out.cluster, files, diagnostics);
  out.routes = std::move(routes.table);
  add_gateway_addresses(objects.gateway, out.cluster, out.routes);
  out.gateway_status = std::move(routes.status);
  if (lints == Lints::Yes) {
    lint_ties(out.routes, diagnostics);
    lint_hostnames(out.routes, diagnostics);
    lint_targets(out.routes, out.cluster, diagnostics);
    lint_grants(objects.gateway, out.cluster, diagnostics);
  }
  lint_policies(objects, out.cluster, out.policies, lints, diagnostics);
  if (lints == Lints::Yes) lint_blocked_routes(out.cluster, out.policies, out.routes, diagnostics);
  return out;
}

std::optional<ir::PolicySet> policies_of_any_pod(const Objects& objects, const ir::Cluster& cluster) {
  if (used_port_names(objects.policies).empty()) return std::nullopt;
  ir::Diagnostics told;  // by resolve()
  return resolve_policies(objects.policies, cluster, told, PortsOf::AnyPod);
}

}  // namespace weir::compiler
