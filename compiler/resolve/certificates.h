#pragma once

#include <string_view>

#include "compiler/api/gateway.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {

/// The facts of every Secret and ConfigMap that a gateway object names, into Cluster::certificates and ::authorities. No byte
/// of a key goes further than this call (architecture.md rule 9).
void resolve_certificates(const GatewayObjects&, ir::Cluster&);

/// Whether a name of a certificate covers a listener's hostname: equal, or a wildcard for exactly one label (RFC 6125).
[[nodiscard]] bool covers(std::string_view certificate_name, std::string_view hostname);

}  // namespace weir::compiler
