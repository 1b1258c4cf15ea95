#pragma once

#include <vector>

#include "ir/eval/route.h"

namespace weir::ir {

/// A match that takes the request, and the hostname of its route that does, as written there; empty: the route names none.
struct Candidate {
  RouteChoice choice;
  std::string hostname;
};

[[nodiscard]] const RouteMatch& match_of(const RouteTable&, const RouteChoice&);

/// Every match on this listener that takes the request (gateway.md 13, 17, 19 to 21), in the order of the table.
[[nodiscard]] std::vector<Candidate> candidates(const RouteTable&, std::uint32_t listener, const Request&);

/// gateway.md 22: whether `a` goes before `b`. A strict order of all candidates of one request.
[[nodiscard]] bool wins(const RouteTable&, const Candidate& a, const Candidate& b);
/// Items 22 a to f alone: neither is more specific; only age and name tell them apart.
[[nodiscard]] bool equally_specific(const RouteTable&, const Candidate& a, const Candidate& b);

}  // namespace weir::ir
