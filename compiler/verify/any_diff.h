#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/verify/rule_space.h"
#include "compiler/verify/verify.h"
#include "ir/flow/decision.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// A connection that two policy sets answer differently, as the evaluator says.
struct AnyDifference {
  ConnectionWitness connection;
  ir::Decision before, after;
};

/// How two policy sets differ over every connection that may exist.
struct AnyDiff {
  std::vector<AnyDifference> found;  // one for each pair of deciding rules, in a fixed order
  bool complete = true;              // false: there may be more; `why` says what stopped it
  std::string why;
  std::string method = "sets";       // "sets" or "z3": who proved that there are no more
};

/// The rules that the other set does not have, whoever wrote them where: the same subject, peers, ports and so on. By id.
struct OwnRules {
  std::vector<ir::RuleId> before, after;
};
[[nodiscard]] OwnRules own_rules(const ir::PolicySet& before, const ir::PolicySet& after);

/// Two policy sets in one space. Neither may hold rules in audit; space and sets must outlive it.
struct TwoSets {
  RuleSpace before, after;
  OwnRules own;

  TwoSets(const Space& space, const ir::PolicySet& first, const ir::PolicySet& second)
      : before(space, first), after(space, second), own(own_rules(first, second)) {}
};

/// Rules of nodes are not asked: only pods have labels that may come. At most `most` differences are kept.
[[nodiscard]] AnyDiff diff_any(const TwoSets&, const VerifyLimits&, std::size_t most);

}  // namespace weir::compiler
