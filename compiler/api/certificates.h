#pragma once

#include <set>

#include "compiler/api/gateway.h"
#include "compiler/api/secret.h"
#include "compiler/source/load.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// Every Secret, and every ConfigMap, that a listener, a Gateway or a BackendTLSPolicy names: only these are read.
[[nodiscard]] std::set<ir::SecretName> gateway_secret_names(const GatewayObjects&);
[[nodiscard]] std::set<ir::SecretName> gateway_config_map_names(const GatewayObjects&);

/// Of a ConfigMap what such a reference can need: of its data only `ca.crt`, of its metadata no annotations.
[[nodiscard]] Document certificates_of(const Document&);
[[nodiscard]] CertificateObject read_config_map(const Document&, ir::Diagnostics&);

[[nodiscard]] CertificateObject to_certificate(const SecretItems&);

}  // namespace weir::compiler
