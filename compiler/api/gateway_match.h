#pragma once

#include "compiler/api/gateway.h"
#include "compiler/api/reader.h"
#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// One HTTPRouteMatch, defaults applied (gateway.md 1.1 item 2, 1.5).
[[nodiscard]] RouteMatchObject read_http_match(const Node&, ir::Diagnostics&);

/// `headers` of an HTTPRouteMatch or GRPCRouteMatch: names in lower case, a repeated one dropped (gateway.md 21).
[[nodiscard]] std::vector<ir::ValueMatch> read_header_matches(const FieldReader& match);

}  // namespace weir::compiler
