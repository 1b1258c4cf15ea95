#pragma once

#include "compiler/verify/policy_diff.h"
#include "compiler/verify/request_diff.h"
#include "compiler/verify/resolutions.h"
#include "compiler/verify/solver.h"

namespace weir::compiler {

/// Every connection of any pods that may come, around the cluster of `after`, for two policy sets.
class AnyWorld {
 public:
  /// The sets must outlive it.
  AnyWorld(const ir::PolicySet& before, const ir::PolicySet& after, const ir::Cluster&);

  [[nodiscard]] const Space& space() const { return space_; }
  /// What only others can resolve is read in each way that may tell the two apart (resolutions.h), what cannot be computed in
  /// favour of both and against both; the evaluator has the last word. Requests are compared even where connections are not.
  void run(const DiffQuestion&, AnyDiff& any, RequestsDiff& requests) const;
  /// A connection of pods that both let pass, as the solver says; what the own node sends to its pods is not asked about.
  [[nodiscard]] SolverAnswer both_pass(const DiffQuestion&) const;
  [[nodiscard]] bool confirmed_both(const ir::Flow&) const;
  /// The two rule sets differ in rules on nodes that are enforced (policy.md 2.5).
  [[nodiscard]] bool nodes_differ() const;
  /// The two rule sets differ in a provider's group (policy.md 2.10) or in a rule that cannot be computed (3.13), or one has
  /// such a rule and they differ in what is denied: why what they mean today is not known. Empty: they do not.
  [[nodiscard]] std::string doubts_differ() const;

 private:
  struct Found;
  void run_resolved(const Resolution*, const DiffQuestion&, Found&) const;
  void run_one(const ir::PolicySet&, const ir::PolicySet&, const Resolution*, const DiffQuestion&, Found&) const;
  void add(AnyDiff part, const Resolution*, AnyDiff& out) const;
  void decide(AnyDifference&) const;
  bool decide_by_name(AnyDifference&, const Resolution&) const;

  ir::Cluster cluster_;
  Space space_;
  const ir::PolicySet &whole_before_, &whole_after_;  // with what is in audit: rules are named by their place in these
  ir::PolicySet before_, after_;
  OwnRules own_;
};

}  // namespace weir::compiler
