#pragma once

#include <vector>

#include "compiler/api/fields.h"

namespace weir::compiler {

// The field tables of the gateway kinds and of PolicyTest, for docs/support.md. Each stands in the .cpp that reads it.
[[nodiscard]] std::vector<const FieldTable*> gateway_tables();
[[nodiscard]] std::vector<const FieldTable*> http_route_tables();
[[nodiscard]] std::vector<const FieldTable*> http_match_tables();
/// The other kinds of the Gateway API and what the kinds share.
[[nodiscard]] std::vector<const FieldTable*> listener_tables();
[[nodiscard]] std::vector<const FieldTable*> gateway_tls_tables();
[[nodiscard]] std::vector<const FieldTable*> listener_set_tables();
[[nodiscard]] std::vector<const FieldTable*> parent_tables();
[[nodiscard]] std::vector<const FieldTable*> rule_tables();
[[nodiscard]] std::vector<const FieldTable*> backend_tables();
[[nodiscard]] std::vector<const FieldTable*> filter_tables();
[[nodiscard]] std::vector<const FieldTable*> header_filter_tables();
[[nodiscard]] std::vector<const FieldTable*> redirect_tables();
[[nodiscard]] std::vector<const FieldTable*> mirror_tables();
[[nodiscard]] std::vector<const FieldTable*> grpc_route_tables();
[[nodiscard]] std::vector<const FieldTable*> stream_route_tables();
[[nodiscard]] std::vector<const FieldTable*> reference_grant_tables();
[[nodiscard]] std::vector<const FieldTable*> backend_tls_policy_tables();
[[nodiscard]] std::vector<const FieldTable*> experimental_gateway_tables();
[[nodiscard]] std::vector<const FieldTable*> policy_test_tables();
[[nodiscard]] std::vector<const FieldTable*> route_check_tables();

}  // namespace weir::compiler
