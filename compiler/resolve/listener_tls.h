#pragma once

#include <vector>

#include "compiler/resolve/route_listeners.h"

namespace weir::compiler {

/// gateway.md 37, 38: the certificates of listeners that terminate TLS and the authorities for client certificates; fills
/// `unresolved`, `refused` and Listener::broken. Where the input holds no certificate at all they are taken as good, with a
/// note: Secrets are seldom kept beside manifests.
void resolve_listener_tls(const GatewayObjects&, const ir::Cluster&, std::vector<ResolvedListener>&, ir::Diagnostics&);

/// Empty, or why a reference to a certificate authority cannot be used: "InvalidKind" (of the ref), "RefNotPermitted",
/// "InvalidCACertificateRef".
[[nodiscard]] std::string authority_problem(const GatewayObjects&, const ObjectRef&, std::string_view from_kind, std::string_view from_namespace,
                                            const ir::Cluster&);

}  // namespace weir::compiler
