#pragma once

#include <compare>
#include <cstddef>
#include <map>
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
  const ir::PolicySet* of_any_pod = nullptr;  // policies_of_any_pod(); absent: the policies as they are
  [[nodiscard]] const ir::PolicySet& any() const { return of_any_pod ? *of_any_pod : policies; }
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
  std::map<std::string, std::vector<std::string>> nodes;  // the nodes that an end "node:n1 and 9 alike" stands for
  std::vector<TodayRequest> requests;    // one for each pair of ends and of deciding rules; today_requests.h
  std::string requests_unknown;          // why there may be more of them; empty: these are all
  std::string unknown;                   // why connections may change beside; empty: they do not
  std::vector<std::string> unconfirmed;  // differences that the evaluator did not confirm: a bug in weir

  /// Why there may be more than is listed; empty: there is not.
  [[nodiscard]] std::string why() const {
    if (!unconfirmed.empty()) return "the evaluator did not confirm a difference";
    return unknown.empty() ? requests_unknown : unknown;
  }
};

/// Exact for connections, by class; pods that fare alike in both are compared once, and a workload is one end when all its
/// pods fare alike in both (joint_pods.h). With a host firewall, nodes too (policy.md 2.5). `requests` is left to today_requests.h.
[[nodiscard]] TodayDiff diff_today(const DiffSide& before, const DiffSide& after);

/// A connection between pods, or with the outside but the own node, that passes before and after; nothing when there is none.
[[nodiscard]] std::optional<TodayChange> common_connection(const DiffSide& before, const DiffSide& after);

}  // namespace weir::compiler
