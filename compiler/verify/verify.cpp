#include "compiler/verify/verify.h"

#include <algorithm>

#include "compiler/verify/approximate.h"
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

namespace {

/// What is proven is about what is enforced (policy.md 6.9). Nothing: no rule is in audit.
std::optional<ir::PolicySet> without_audit(const ir::PolicySet& policies) {
  const auto in_audit = [](const ir::Rule& rule) { return rule.audit; };
  if (std::none_of(policies.rules.begin(), policies.rules.end(), in_audit)) return std::nullopt;
  ir::PolicySet enforced = policies;
  std::erase_if(enforced.rules, in_audit);
  return enforced;
}

/// In audit mode nothing is enforced at all.
ir::Cluster in_audit_mode(ir::Cluster cluster) {
  cluster.settings.audit_mode = false;
  cluster.settings.enforcement = ir::Enforcement::Never;
  return cluster;
}

void check_rules(const CheckContext& context) {
  check_conflicts(context, check_shadowed(context, check_dead_tiers(context)));
  check_idle_ports(context);
  check_priority_ties(context);
  check_authentication(context);
  check_capacity(context);
}

}  // namespace

VerifyReport verify(const ir::PolicySet& policies, const ir::Cluster& cluster, const Invariants& invariants,
                    const ir::Files& files, const VerifyLimits& limits, ir::Diagnostics& diagnostics, const Surroundings& around) {
  if (cluster.settings.audit_mode) {
    VerifyReport report = verify(policies, in_audit_mode(cluster), invariants, files, limits, diagnostics, around);
    for (ProofResult& proof : report.proofs) proof.assumptions.insert(proof.assumptions.begin(), "audit_mode: no policy is enforced");
    return report;
  }
  VerifyReport report;
  const ir::PolicySet& any = around.of_any_pod ? *around.of_any_pod : policies;
  const std::optional<ir::PolicySet> fewer = without_audit(any), fewer_today = around.of_any_pod ? without_audit(policies) : std::nullopt;
  const ir::PolicySet& enforced = fewer ? *fewer : any;
  const ir::PolicySet& of_today = !around.of_any_pod ? enforced : fewer_today ? *fewer_today : policies;
  const Space space(cluster);
  const RuleSpace rules(space, enforced);
  Solver solver(space, enforced, limits.solver_millis);
  const CheckContext context{rules, any, of_today, solver, files, limits, diagnostics, report, around.routes, around.today, &around.other_routes};
  // Where nothing is enforced every rule is idle, which is no news about any of them.
  if (cluster.settings.enforcement != ir::Enforcement::Never) check_rules(context);
  check_unreachable_routes(context);
  check_route_dialects(context);
  check_invariants(context, invariants);
  return report;
}

std::string smt2(const ir::PolicySet& policies, const ir::Cluster& cluster, const Invariants& invariants,
                 const ir::Files& files, const std::string& today) {
  if (cluster.settings.audit_mode) return smt2(policies, in_audit_mode(cluster), invariants, files, today);
  // What is in doubt is read so that `unsat` is a proof.
  const std::optional<ir::PolicySet> fewer = without_audit(policies);
  const ir::PolicySet& enforced = fewer ? *fewer : policies;
  const Space space(cluster);
  const ir::PolicySet open = approximate(space, enforced, Bias::Permissive), closed = approximate(space, enforced, Bias::Restrictive);
  Solver permissive(space, open, VerifyLimits{}.solver_millis), restrictive(space, closed, VerifyLimits{}.solver_millis);
  const std::set<std::string> keys = label_keys(policies);
  std::string text;
  for (const Invariant& invariant : invariants.statements) {
    text += "; " + to_text(files, invariant.origin) + ": " + to_text(invariant) + "\n";
    const auto questions = questions_of(space, keys, invariant, still_counting(invariant, today));
    if (!questions) text += "; " + questions.error().message + "\n";
    for (const Question& question : questions ? questions->parts : std::vector<Question>{}) {
      Solver& solver = questions->claim == Claim::Deny ? permissive : restrictive;
      text += "; satisfiable: some connection breaks it\n" + solver.smt2(question, questions->claim == Claim::Deny) + "\n";
    }
  }
  return text;
}

}  // namespace weir::compiler
