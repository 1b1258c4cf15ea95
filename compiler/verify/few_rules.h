#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ir/cluster/cluster.h"
#include "ir/flow/decision.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// The reference evaluator over the rules that select one of the two ends, which are all that can say something about a
/// connection between them (policy.md 4.2). Rules of an end are looked up once.
class FewRules {
 public:
  FewRules(const ir::PolicySet&, const ir::Cluster&);
  /// As ir::decide; `decided_by` has the ids of the whole set.
  [[nodiscard]] ir::Decision decide(const ir::Flow&);
  /// The rules of both directions that select this end.
  [[nodiscard]] const std::vector<ir::RuleId>& selecting(const ir::Endpoint&);

 private:

  const ir::PolicySet& policies_;
  const ir::Cluster& cluster_;
  std::map<std::string, std::vector<ir::RuleId>, std::less<>> of_namespace_;  // rules whose subject asks for one namespace
  std::vector<ir::RuleId> elsewhere_;                                       // all others
  std::map<std::pair<ir::LabelSet, ir::LabelSet>, std::vector<ir::RuleId>> known_;
};

}  // namespace weir::compiler
