#pragma once

#include <string>
#include <string_view>

namespace weir::compiler {

// What the API server accepts in values of the Gateway API (gateway.md 1.1 item 3).

inline constexpr std::string_view kGatewayGroup = "gateway.networking.k8s.io";

/// A precise name or "*.name", lower case, at most 253 characters, and no IP address.
[[nodiscard]] bool is_gateway_hostname(std::string_view);
/// Empty, or what is wrong with the value of an Exact or PathPrefix match.
[[nodiscard]] std::string path_problem(std::string_view);
/// The name of a header or of a query parameter.
[[nodiscard]] bool is_header_name(std::string_view);

}  // namespace weir::compiler
