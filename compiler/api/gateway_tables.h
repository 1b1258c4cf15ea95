#pragma once

#include <vector>

#include "compiler/api/fields.h"

namespace weir::compiler {

// The field tables of the gateway kinds and of PolicyTest, for docs/support.md. Each stands in the .cpp that reads it.
[[nodiscard]] std::vector<const FieldTable*> gateway_tables();
[[nodiscard]] std::vector<const FieldTable*> http_route_tables();
[[nodiscard]] std::vector<const FieldTable*> http_match_tables();
[[nodiscard]] std::vector<const FieldTable*> policy_test_tables();
[[nodiscard]] std::vector<const FieldTable*> route_check_tables();

}  // namespace weir::compiler
