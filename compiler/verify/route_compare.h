#pragma once

#include <string>
#include <vector>

#include "compiler/verify/route_diff.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

struct CompareLimits {
  std::size_t pieces = 1000;   // of one pair of matches
  std::size_t pairs = 20'000;  // of one host, that need to be looked at closely
  bool each_once = false;      // of all that differ from one rule of the first table on a host, one is enough
};

/// Every pair of matches of the two tables that decide a request together and answer it differently: one such request for each,
/// confirmed by the reference router. None and nothing unknown: the tables answer every request alike (ir/sets/request_sets.h says
/// which requests there are; answer_text, what an answer is).
[[nodiscard]] RouteDiff compare_routes(const ir::RouteTable& before, const ir::RouteTable& after, const CompareLimits& = {});

}  // namespace weir::compiler
