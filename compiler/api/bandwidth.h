#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/api/inventory.h"

namespace weir::compiler {

/// A Kubernetes Quantity, exactly: value = mantissa x 2^binary x 10^decimal.
struct Quantity {
  std::uint64_t mantissa = 0;
  int binary = 0, decimal = 0;
  bool negative = false;
  friend bool operator==(const Quantity&, const Quantity&) = default;
};

/// "10M", "1.5Gi", "1e6"; nothing when it is no Quantity or has more than 18 significant digits.
[[nodiscard]] std::optional<Quantity> parse_quantity(std::string_view);

/// The value rounded up to a whole number, as Kubernetes' Quantity.Value does; 2^64-1 when larger, 0 when negative.
[[nodiscard]] std::uint64_t whole_value(const Quantity&);

/// kubernetes.io/{egress,ingress}-bandwidth of a pod or template (cli.md "Inputs"): bits per second, 1k to 1P.
/// `metadata` may be null. WEIR0501: no Quantity; WEIR0502: out of range.
[[nodiscard]] Bandwidth read_bandwidth(const Node* metadata, ir::Diagnostics&);

}  // namespace weir::compiler
