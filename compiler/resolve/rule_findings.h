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
  using Spaces = std::set<std::string>;

  /// What the lints see of one policy; nothing of one of another cluster.
  struct Scope {
    std::vector<std::string> spaces;  // that the pods of its rules are in
    bool wide = false;                // some rule is for pods of any namespace, or for nodes
    bool reported = false;            // and such a rule may have a finding

    void add(const ir::Rule&);
    [[nodiscard]] bool meets(const Spaces&) const;
  };

  void look_at_all();
  void look_at_some(const Spaces& spaces);

  const Lint& lint_;
  ir::Diagnostics findings_;
  std::vector<Scope> scopes_;  // by policy
  std::set<ir::Span> places_before_;
};

}  // namespace weir::compiler
