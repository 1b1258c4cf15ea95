#pragma once

#include "ir/eval/route.h"

namespace weir::ir {

/// What follows from a decision whose `listener` and `choice` are set: filters, redirect, backends, mirrors (gateway.md 1.6,
/// 1.7). The choice itself may have been made by whoever is as good as the reference router.
void finish(const RouteTable&, const Request&, RouteDecision&);

}  // namespace weir::ir
