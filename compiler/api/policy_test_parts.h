#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/api/policy_test.h"
#include "compiler/api/reader.h"

namespace weir::compiler {

// Parts of a PolicyTest that its two readers share.

[[nodiscard]] TestParty read_party(const Node&, ir::Diagnostics&);
[[nodiscard]] RouteCheck read_route_check(const Node&, ir::Diagnostics&);
/// `http`, `dns` and `tls` of a check; absent when it has none of them.
[[nodiscard]] std::optional<ir::L7Request> read_check_request(const FieldReader&);
/// spec.names
[[nodiscard]] std::map<std::string, std::vector<ir::IpAddress>> read_names(const Node&, ir::Diagnostics&);
/// A mapping whose values may be of any scalar type, in file order.
[[nodiscard]] std::vector<TestSetting> read_scalars(const Node&, std::string_view what, ir::Diagnostics&);

/// The tables of policy_test_request.cpp.
[[nodiscard]] std::vector<const FieldTable*> test_request_tables();

}  // namespace weir::compiler
