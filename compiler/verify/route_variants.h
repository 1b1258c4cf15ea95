#pragma once

#include <vector>

#include "compiler/verify/route_answer.h"
#include "ir/route/request.h"

namespace weir::compiler {

/// Requests like this one that filters of the two answers may treat differently: with a header that one of them edits, with more or
/// less of a path, as a CORS preflight of an origin that is named. Which rule takes them is another question.
[[nodiscard]] std::vector<ir::Request> variants(const ir::Request&, const RouteAnswer&, const RouteAnswer&);

}  // namespace weir::compiler
