#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/resolve/lint_parts.h"

namespace weir::compiler {

/// The findings of lint_rules(), kept up to date while single policies change: a policy for the pods of some namespaces
/// can only make or unmake findings of policies for those namespaces. Everything is looked at again when the edited policy
/// is for pods of any namespace, and when there is such a policy that may have a finding itself.
///
/// They are those of a whole run but for the bounds on what one run compares, which a smaller run reaches later.
class RuleFindings {
 public:
  /// `lint` outlives it. Looks at every rule.
  explicit RuleFindings(const Lint& lint);

  /// Before and after the rules of this policy in Lint::policies are replaced. Nullopt: it is not among them.
  void before_edit(std::optional<ir::PolicyId> policy);
  void after_edit(std::optional<ir::PolicyId> policy);

  [[nodiscard]] const std::vector<ir::Diagnostic>& list() const { return findings_.list(); }

 private:
  void look_at_all();
  void look_at_some(const std::set<std::string>& spaces);

  const Lint& lint_;
  ir::Diagnostics findings_;
  std::set<std::string> spaces_before_;
  std::set<ir::Span> places_before_;
  bool wide_before_ = false;
};

}  // namespace weir::compiler
