#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "ir/base/files.h"
#include "simulator/replay/gathered.h"
#include "simulator/replay/judge.h"
#include "simulator/replay/report.h"

namespace weir::simulator {

/// Whom the requests of a recording are compared for.
struct RequestContext {
  const compiler::Resolved& after;
  Actors& actors;
  Judge& judge;             // of `after`
  Judge* before = nullptr;  // null: what is recorded stands for it
  const ir::Files& files;
};

/// The edges of requests, and their numbers.
struct RequestTally {
  std::vector<ReplayEdge> edges;       // with `l7`; not sorted
  ReplayRequests numbers;
  std::vector<ir::RuleId> exercised;   // rules that decided one
};

/// Recorded HTTP and DNS requests against the request rules of the side whose proxy saw them (flows.md 1.5, evidence 3). A
/// request in a connection that is denied is denied. Requests of one method and path, or name, are counted together.
[[nodiscard]] RequestTally tally_requests(const Gathered&, const RequestContext&);

}  // namespace weir::simulator
