#include "ir/cluster/gateway_dialect.h"

#include <array>

namespace weir::ir {
namespace {

struct Row {
  GatewayDialect dialect;
  std::string_view name;
  GatewayBehaviour behaviour;
};

/// gateway.md 2 "Where Cilium's translation differs".
constexpr GatewayBehaviour cilium(bool before_120) {
  return {.splits_namespace = true,
          .joins_rules_across_routes = true,
          .joins_rules_of_a_route = before_120,  // PR 46696, 2026-07
          .ignores_single_weight = true,
          .https_beside_tls = before_120,  // cilium #47590
          .one_timeout = true,
          .whole_percent_mirrors = true,
          .rewrites_by_regex = true,
          .tls_route_terminate = false,
          .frontend_tls = false,
          .ingress_identity = true};
}

// Istio: getURIRank, istio #60695.
constexpr std::array<Row, 6> kRows = {{
    {GatewayDialect::Spec, "spec", {.detects_misdirected = true}},
    {GatewayDialect::Cilium118, "cilium-1.18", cilium(true)},
    {GatewayDialect::Cilium119, "cilium-1.19", cilium(true)},
    {GatewayDialect::Cilium120, "cilium-1.20", cilium(false)},
    {GatewayDialect::Istio, "istio", {.regex_last = true, .detects_misdirected = true}},
    {GatewayDialect::EnvoyGateway, "envoy-gateway", {.detects_misdirected = true}},
}};

const Row& row(GatewayDialect dialect) {
  for (const Row& one : kRows)
    if (one.dialect == dialect) return one;
  return kRows.front();
}

}  // namespace

std::string_view to_text(GatewayDialect dialect) { return row(dialect).name; }

std::optional<GatewayDialect> parse_gateway_dialect(std::string_view text) {
  for (const Row& one : kRows)
    if (one.name == text) return one.dialect;
  return std::nullopt;
}

const GatewayBehaviour& behaviour(GatewayDialect dialect) { return row(dialect).behaviour; }

}  // namespace weir::ir
