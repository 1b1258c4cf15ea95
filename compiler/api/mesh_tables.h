#pragma once

#include <vector>

#include "compiler/api/fields.h"

namespace weir::compiler {

// The field tables of EndpointSlice, Endpoints, Secret and ConfigMap, for docs/support.md. Each stands in the .cpp that
// reads it.
[[nodiscard]] std::vector<const FieldTable*> endpoints_tables();
[[nodiscard]] std::vector<const FieldTable*> secret_tables();
[[nodiscard]] std::vector<const FieldTable*> config_tables();

}  // namespace weir::compiler
