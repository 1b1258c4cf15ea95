#pragma once

#include "compiler/api/inventory.h"

namespace weir::compiler {

/// spec of a Pod or of a pod template.
[[nodiscard]] PodSpec read_pod_spec(const Node&, ir::Diagnostics&);

/// An address, or InvalidValue.
[[nodiscard]] std::optional<ir::IpAddress> read_address(const Located<std::string>&, ir::Diagnostics&);

/// A `protocol` field: TCP, UDP or SCTP, TCP when absent.
[[nodiscard]] ir::Protocol read_transport_protocol(const FieldReader&);

}  // namespace weir::compiler
