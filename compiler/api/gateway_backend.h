#pragma once

#include <optional>
#include <vector>

#include "compiler/api/gateway.h"
#include "compiler/api/gateway_filter.h"
#include "compiler/api/reader.h"

namespace weir::compiler {

/// `backendRefs` of a rule; with filters in HTTPRoute and GRPCRoute, without in the others.
[[nodiscard]] std::vector<BackendRef> read_backends(const FieldReader& rule, std::optional<FilterKinds>, const ObjectMeta& route);

}  // namespace weir::compiler
