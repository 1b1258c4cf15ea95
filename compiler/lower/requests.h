#pragma once

#include <memory>
#include <optional>

#include "compiler/lower/lower.h"
#include "ir/cluster/cluster.h"
#include "ir/flow/decision.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// The request rules of a policy set, ready to be asked many times: every expression compiled once, names and server names
/// without expressions, rules found through the index. ir::decide_request is the meaning; tests/differential holds the two
/// together.
class RequestTable {
 public:
  RequestTable(const ir::PolicySet&, const ir::Cluster&);
  ~RequestTable();
  /// policy.md section 5 for flow.request, as ir::decide_request.
  [[nodiscard]] std::optional<ir::L7Decision> decide(const ir::RuleIndex&, Classifier&, const ir::Flow&) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::compiler
