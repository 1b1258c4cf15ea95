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
/// A precise name: no wildcard.
[[nodiscard]] bool is_precise_hostname(std::string_view);
/// "Secret", "HTTPRoute": letters, digits and '-', beginning with a letter, at most 63.
[[nodiscard]] bool is_kind_name(std::string_view);
/// The protocol of a listener: "HTTP", or "example.com/name".
[[nodiscard]] bool is_protocol_name(std::string_view);
/// "*", or "https://*.example.com:8443": scheme http or https, a host that may begin with a wildcard, a port.
[[nodiscard]] bool is_cors_origin(std::string_view);
/// A protobuf package and service, "a.b.Echo", and a method, "Ping".
[[nodiscard]] bool is_grpc_service(std::string_view);
[[nodiscard]] bool is_grpc_method(std::string_view);
/// The name of a header or of a query parameter.
[[nodiscard]] bool is_header_name(std::string_view);

}  // namespace weir::compiler
