#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/verify/any_diff.h"
#include "compiler/verify/decided_alike.h"
#include "compiler/verify/request_patterns.h"

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

/// Requests that stand for all that these rules tell apart; kept for the next who asks.
class RequestSamples {
 public:
  RequestSamples(const ir::Cluster& cluster, std::size_t most) : cluster_(cluster), most_(most) {}
  [[nodiscard]] const std::vector<ir::L7Request>& of(std::vector<ir::L7Rules>, RequestKind);
  [[nodiscard]] const std::string& why() const { return why_; }  // they do not stand for all; empty: they do

 private:
  const ir::Cluster& cluster_;
  std::size_t most_;
  std::string why_;
  std::map<std::pair<std::vector<ir::L7Rules>, RequestKind>, std::vector<ir::L7Request>> known_;
};

/// As diff_any. Requests are those of request_patterns.h.
[[nodiscard]] RequestsDiff diff_requests(const TwoSets&, const VerifyLimits&, std::size_t most);

}  // namespace weir::compiler
