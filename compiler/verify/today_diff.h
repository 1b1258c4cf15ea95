#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/admission.h"
#include "ir/cluster/cluster.h"
#include "ir/flow/decision.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// One of the two things that are compared.
struct DiffSide {
  const ir::PolicySet& policies;
  const ir::Cluster& cluster;
};

/// What pods of today, or one of them and the outside, may send to each other before and after.
struct TodayChange {
  std::string source, destination;  // as `weir connectivity` writes ends: "shop/web[Deployment]", "10.0.0.0-10.0.0.255"
  AdmittedPorts before, after;      // not equal
  std::string only;                 // "before" or "after": an end is in one inventory alone; empty: both are in both
  // A connection whose verdict changes, as the evaluator says, with the labels of after; absent: an end is not in both.
  std::optional<ir::Flow> flow;
  std::optional<ir::Flow> flow_before;  // the same with the labels of before
  std::optional<ir::Decision> decided_before, decided_after;  // of it
};

/// A request between them that is answered otherwise, on a connection that passes before and after.
struct TodayRequest {
  std::string source, destination;  // as above
  ir::Flow flow;                    // with the request and the labels of after
  ir::Decision before, after;
};

struct TodayDiff {
  std::vector<TodayChange> changes;  // sorted by source and destination
  std::vector<TodayRequest> requests;    // one for each pair of ends and of deciding rules; today_requests.h
  std::string requests_unknown;          // why there may be more of them; empty: these are all
  std::vector<std::string> unconfirmed;  // differences that the evaluator did not confirm: a bug in weir
};

/// Exact for connections, by class; pods that fare alike in both are compared once. Pods are the same when cluster, namespace and name are; a
/// workload is one end when all its pods fare alike in both. `requests` is left to today_requests.h.
[[nodiscard]] TodayDiff diff_today(const DiffSide& before, const DiffSide& after);

/// A connection between pods, or with the outside, that passes before and after; nothing when there is none.
[[nodiscard]] std::optional<TodayChange> common_connection(const DiffSide& before, const DiffSide& after);

}  // namespace weir::compiler
