#pragma once

#include <cstdint>
#include <optional>

#include "ir/cluster/cluster.h"

namespace weir::ir {

/// The pod's own port behind a Service port: a number, the name of a container port, or the same number.
[[nodiscard]] std::optional<std::uint16_t> target_port(const Pod&, const ServicePort&);

/// Whether the Service's selector takes the pod; a Service without a selector takes none.
[[nodiscard]] bool selects(const Service&, const Pod&);

}  // namespace weir::ir
