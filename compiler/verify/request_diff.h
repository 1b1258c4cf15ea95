#pragma once

#include <string>
#include <vector>

#include "compiler/verify/any_diff.h"
#include "compiler/verify/decided_alike.h"
#include "compiler/verify/request_samples.h"

namespace weir::compiler {

/// Connections on which one side answers requests of a kind differently in the two sets, each of them alike. The other side is
/// not asked.
struct RequestSplit {
  ConnectionBox where;
  ir::Direction side = ir::Direction::Egress;
  RequestKind kind = RequestKind::Http;
  std::vector<ir::L7Rules> rules;  // those that this side asks, in either set
};

/// How two policy sets differ in the requests that rules about HTTP, DNS and TLS names look into (policy.md section 5), on
/// connections that pass with both.
struct RequestsDiff {
  std::vector<RequestSplit> splits;
  std::string splits_unknown;        // why there may be more splits; empty: there are none
  std::vector<AnyDifference> found;  // one for each pair of deciding rules, the flow with its request
  bool complete = true;              // false: there may be more; `why` says what stopped it
  std::string why;
};

/// As diff_any. Requests are those of request_patterns.h.
[[nodiscard]] RequestsDiff diff_requests(const TwoSets&, const VerifyLimits&, std::size_t most);

}  // namespace weir::compiler
