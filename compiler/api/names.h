#pragma once

#include <string_view>

namespace weir::compiler {

// Kubernetes' rules for names and labels (apimachinery pkg/util/validation).

/// RFC 1123 label: lower case letters, digits and '-', at most 63.
[[nodiscard]] bool is_dns_label(std::string_view);
/// Labels joined by dots, at most 253.
[[nodiscard]] bool is_dns_subdomain(std::string_view);
/// RFC 1035 label: as a DNS label, starting with a letter (Service names).
[[nodiscard]] bool is_service_name(std::string_view);
/// "app" or "example.com/app".
[[nodiscard]] bool is_label_key(std::string_view);
/// Empty, or at most 63 letters, digits, '-', '_', '.', beginning and ending with a letter or digit.
[[nodiscard]] bool is_label_value(std::string_view);

}  // namespace weir::compiler
