#pragma once

#include <vector>

#include "compiler/verify/rule_space.h"
#include "ir/flow/decision.h"

namespace weir::compiler {

using Boxes = std::vector<ConnectionBox>;

/// One side of a connection, by the evaluator over the rules that may select this box of subjects, in which the connection's
/// subject is: what ir::decide_side says over all rules, sooner. `decided_by` has the ids of the whole set.
[[nodiscard]] ir::SideDecision decide_among(const RuleSpace&, const EndBox& subjects, const ir::Flow&, ir::Direction);

/// Which connections of a piece are decided like one of them: by the same rule, or by the same default. The rules must be
/// readable and without doubt (approximate.h).
class DecidedAlike {
 public:
  explicit DecidedAlike(const RuleSpace& rules) : rules_(rules) {}

  /// Set algebra does not read tiers and pass, nor an allow that fails by who else allows (policy.md 3.11).
  [[nodiscard]] static bool readable(const ir::PolicySet&);
  /// All of the piece that is not denied for the reason that denied one connection of it.
  [[nodiscard]] Boxes without_denied(const ConnectionBox& piece, ir::Direction side, const ir::SideDecision&) const;
  /// All of the piece that is not allowed for the reason that allowed one connection of it, `flow`.
  [[nodiscard]] Boxes without_allowed(const ConnectionBox& piece, ir::Direction side, const ir::SideDecision&, const ir::Flow& flow) const;

 private:
  [[nodiscard]] std::optional<ConnectionBox> selected(const ConnectionBox& piece, ir::Direction side, ir::RuleId) const;
  template <class Wanted>
  [[nodiscard]] Boxes parts(const ConnectionBox& piece, ir::Direction side, Wanted wanted) const;
  [[nodiscard]] Boxes without_forced(const ConnectionBox& piece, ir::Direction side) const;
  [[nodiscard]] Boxes without_allow(const ConnectionBox& piece, ir::Direction side, ir::RuleId allow) const;
  [[nodiscard]] Boxes without_rules(const ConnectionBox& piece, ir::Direction side, const ir::Flow& flow) const;

  const RuleSpace& rules_;
};

}  // namespace weir::compiler
