#include "compiler/verify/verify.h"

#include "compiler/verify/checks.h"
#include "compiler/verify/party.h"
#include "compiler/verify/questions.h"

namespace weir::compiler {

std::string_view to_text(ProofStatus status) {
  switch (status) {
    case ProofStatus::Holds: return "holds";
    case ProofStatus::Violated: return "violated";
    case ProofStatus::Unknown: return "unknown";
  }
  return "unknown";
}

VerifyReport verify(const ir::PolicySet& policies, const ir::Cluster& cluster, const Invariants& invariants,
                    const ir::Files& files, const VerifyLimits& limits, ir::Diagnostics& diagnostics) {
  VerifyReport report;
  const Space space(cluster);
  const RuleSpace rules(space, policies);
  Solver solver(space, policies, limits.solver_millis);
  const CheckContext context{rules, solver, files, limits, diagnostics, report};
  // Where nothing is enforced every rule is idle, which is no news about any of them.
  if (cluster.settings.enforcement != ir::Enforcement::Never) check_conflicts(context, check_shadowed(context));
  check_invariants(context, invariants);
  return report;
}

std::string smt2(const ir::PolicySet& policies, const ir::Cluster& cluster, const Invariants& invariants,
                 const ir::Files& files) {
  const Space space(cluster);
  Solver solver(space, policies, VerifyLimits{}.solver_millis);
  const std::set<std::string> keys = label_keys(policies);
  std::string text;
  for (const Invariant& invariant : invariants.statements) {
    const auto& reach = std::get<ReachInvariant>(invariant.statement);
    text += "; " + to_text(files, invariant.origin) + ": " + to_text(invariant) + "\n; satisfiable: some connection breaks it\n";
    const auto question = question_of(space, keys, reach);
    text += question ? solver.smt2(*question, reach.claim == Claim::Deny) : "; " + question.error().message + "\n";
    text += "\n";
  }
  return text;
}

}  // namespace weir::compiler
