#pragma once

#include "ir/eval/route.h"

namespace weir::ir {

/// gateway.md 35: HTTP/2 POST with content-type application/grpc, or sent as scheme `grpc`.
[[nodiscard]] bool is_grpc(const Request&);

/// The gateway answers by itself; gRPC gets `grpc_status` beside it.
void respond(RouteDecision&, const Request&, std::uint32_t status, std::uint32_t grpc_status, std::string why);
void reject(RouteDecision&, std::string why);

/// gateway.md 16 to 18: sets `listener` when one takes the request and routes have the next word; else the outcome.
/// True when routes are to be asked.
[[nodiscard]] bool choose_listener(const RouteTable&, const Request&, RouteDecision&);

}  // namespace weir::ir
