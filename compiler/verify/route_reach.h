#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/verify/route_space.h"

namespace weir::compiler {

/// What becomes of one match of a route table.
struct MatchReach {
  enum class Status : std::uint8_t {
    Unasked,  // no request comes to a listener of its route with a host of its route
    Reached,  // it decides `witness`, or gets a share of it
    Taken,    // it matches `witness`; all that it matches the takers match too, and they win
    Nothing,  // no request can match it
    Unknown,
  };
  ir::RouteChoice choice;
  Status status = Status::Unasked;
  std::vector<ir::RouteChoice> takers;  // in the order of the table
  ir::Request witness;
  std::string why;                      // it is unknown
};

struct ReachLimits {
  std::size_t pieces = 4000;  // of one match, for one host
};

/// For every match of the table, in its order, over all requests that a client may send (ir/sets/request_sets.h). Taken and
/// Nothing are proven; nothing is asked of the evaluator, which whoever tells of it does.
[[nodiscard]] std::vector<MatchReach> route_reach(const RouteSpace&, const ReachLimits& = {});

}  // namespace weir::compiler
