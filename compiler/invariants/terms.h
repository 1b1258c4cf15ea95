#pragma once

#include <string_view>

#include "compiler/invariants/invariants.h"
#include "ir/base/result.h"

namespace weir::compiler {

// What single words mean; the messages of the errors say what is wrong with them.

[[nodiscard]] ir::Result<InvariantParty> read_invariant_party(std::string_view text);

/// "8080" (TCP), "8080/UDP", "8000-8100/TCP", "8/ICMP" (a type), "TCP", "ICMP".
[[nodiscard]] ir::Result<ir::PortMatch> read_invariant_port(std::string_view text);

/// "100M", "1.5G": a Kubernetes Quantity of bits per second, as in the bandwidth annotations.
[[nodiscard]] ir::Result<std::uint64_t> read_invariant_bandwidth(std::string_view text);

/// "shop/cart", "shop/cart:80".
[[nodiscard]] ir::Result<ServesInvariant> read_invariant_service(std::string_view text);

/// "http://host[:port]/path?query", the schemes http, https and grpc.
[[nodiscard]] ir::Result<void> check_invariant_url(std::string_view text);

/// "2027-01-31", a day that exists.
[[nodiscard]] ir::Result<std::string> read_invariant_date(std::string_view text);

/// "error", "warning", "note".
[[nodiscard]] ir::Result<ir::Severity> read_invariant_severity(std::string_view text);

}  // namespace weir::compiler
