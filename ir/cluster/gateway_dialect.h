#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::ir {

/// Whose reading of the Gateway API: the text of the API, or a controller that differs from it (gateway.md 22, 2).
enum class GatewayDialect : std::uint8_t { Spec, Cilium118, Cilium119, Cilium120, Istio, EnvoyGateway };

/// "spec", "cilium-1.20", "istio", "envoy-gateway".
[[nodiscard]] std::string_view to_text(GatewayDialect);
[[nodiscard]] std::optional<GatewayDialect> parse_gateway_dialect(std::string_view);

/// What the Gateway API leaves open, or a controller does in its own way: one row a dialect. The router and the resolver ask
/// these fields and never the dialect itself. Two of Cilium's ways cannot show and have no field: the length among Exact
/// paths and :method and :authority among the headers (gateway.md 2 "sort") are equal for all that one request meets there.
struct GatewayBehaviour {
  bool regex_last = false;              // 22: regular expression paths rank behind PathPrefix (Istio)
  bool splits_namespace = false;        // 22h: namespace and name are compared as two fields
  bool joins_rules_across_routes = false;  // 2 "identical matches": their backends become one weighted cluster
  bool joins_rules_of_a_route = false;  // the same inside one route
  bool ignores_single_weight = false;   // 31: a single backend of weight 0 takes everything
  bool detects_misdirected = false;     // 18: 421 for a Host of another listener
  bool https_beside_tls = false;        // 6: HTTPS and TLS may share a port
  bool one_timeout = false;             // 34: the smaller of request and backendRequest
  bool whole_percent_mirrors = false;   // 2 "mirrors": fractions are cut to whole percents
  bool rewrites_by_regex = false;       // 2 "rewrite prefix": a prefix that ends in `/` swallows it
  bool tls_route_terminate = true;      // 36
  bool frontend_tls = true;             // 38
  bool ingress_identity = false;        // 2: an unknown class is Cilium's, whose proxy is reserved:ingress
  friend auto operator<=>(const GatewayBehaviour&, const GatewayBehaviour&) = default;
};
[[nodiscard]] const GatewayBehaviour& behaviour(GatewayDialect);

}  // namespace weir::ir
