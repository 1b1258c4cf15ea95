#include "compiler/resolve/lints.h"

#include "compiler/resolve/lint_parts.h"
#include "compiler/resolve/lint_subjects.h"
#include "compiler/resolve/lints_cidr.h"
#include "compiler/resolve/lints_ports.h"
#include "compiler/resolve/lints_selectors.h"

namespace weir::compiler {

void lint_rules(const Lint& lint) {
  LintSubjects subjects(lint);
  lint_denies(lint, subjects);
  lint_requests(lint, subjects);
  lint_names(lint);
  lint_dns(lint);
}

void lint_policies(const Objects& objects, const ir::Cluster& cluster, const ir::PolicySet& policies, Lints lints,
                   ir::Diagnostics& diagnostics) {
  if (policies.policies.empty() || lints == Lints::No) return lint_stages(objects, diagnostics);
  const Lint lint(objects, cluster, policies, diagnostics);
  SelectorLint selectors(lint);
  const BlockLint blocks(lint);
  const PortLint ports(lint);
  visit_policies(lint, objects.policies, [&](const WrittenPolicy& policy) {
    selectors.look(policy);
    blocks.look(policy);
    ports.look(policy);
  });
  lint_stages(objects, diagnostics);
  lint_rules(lint);
}

}  // namespace weir::compiler
