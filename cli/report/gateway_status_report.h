#pragma once

#include <string>

#include "compiler/resolve/gateway_status.h"

namespace weir::cli {

/// cli.md "route status": the JSON list of `gatewayStatus`.
[[nodiscard]] std::string gateway_status_json(const compiler::GatewayStatus&);

/// The conditions that are not good, a line each: "HTTPRoute shop/web on Gateway infra/web: Accepted=False NotAllowedByListeners".
[[nodiscard]] std::string gateway_status_text(const compiler::GatewayStatus&);

}  // namespace weir::cli
