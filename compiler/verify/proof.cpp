#include "compiler/verify/proof.h"

#include <algorithm>

#include "compiler/verify/reach.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

Answer from_sets(const Reach& reach) {
  return {reach.example ? ProofStatus::Violated : ProofStatus::Holds, "", "sets", reach.example};
}

Answer from_solver(const SolverAnswer& answer) {
  if (answer.status == SolverStatus::Unknown) return {ProofStatus::Unknown, answer.why, "z3", std::nullopt};
  const bool found = answer.status == SolverStatus::Found;
  return {found ? ProofStatus::Violated : ProofStatus::Holds, "", "z3", answer.model};
}

/// What breaks the property passes when it says deny, and does not when it says allow.
Answer search(const CheckContext& context, const RuleSpace& rules, Solver& solver, const Question& question, bool passes) {
  const Reach reach = passes ? find_passing(rules, question, context.limits.pieces)
                             : find_not_passing(rules, question, context.limits.pieces);
  return reach.settled ? from_sets(reach) : from_solver(solver.passing(question, passes));
}

/// What the evaluator could not know about this connection.
std::string doubt_of(const CheckContext& context, const ConnectionWitness& example) {
  const ir::Decision decision = decide(context.policies(), context.cluster(), example.flow);
  std::string text = "`" + to_text(example.flow) + "` depends on what weir does not know";
  if (decision.verdict != ir::Verdict::Unknown) return text + ": labels of nodes or names of addresses";
  for (std::size_t i = 0; i < decision.assumptions.size(); ++i) text += (i == 0 ? ": " : "; ") + decision.assumptions[i];
  return text;
}

/// A counterexample that some answer to what is in doubt would give, and whether every answer gives one.
Answer prove_in_doubt(Engines& engines, const Question& question, bool passes) {
  const CheckContext& context = engines.context();
  Engine& outer = engines.get(passes ? Bias::Permissive : Bias::Restrictive);
  Answer answer = search(context, outer.rules, outer.solver, question, passes);
  if (answer.status != ProofStatus::Violated) return answer;
  const ir::Verdict bad = passes ? ir::Verdict::Allowed : ir::Verdict::Denied;
  if (decide(context.policies(), context.cluster(), answer.example->flow).verdict == bad) return answer;
  Engine& inner = engines.get(passes ? Bias::Restrictive : Bias::Permissive);
  Answer certain = search(context, inner.rules, inner.solver, question, passes);
  if (certain.status == ProofStatus::Violated) return certain;
  return {ProofStatus::Unknown, doubt_of(context, *answer.example), answer.method, std::nullopt};
}

Answer prove_all(Engines& engines, const Question& question, Claim claim) {
  const CheckContext& context = engines.context();
  const bool passes = claim == Claim::Deny;
  Answer answer = has_doubt(context.rules.space(), context.policies())
                      ? prove_in_doubt(engines, question, passes)
                      : search(context, context.rules, context.solver, question, passes);
  if (answer.status != ProofStatus::Violated) return answer;
  const ir::Decision decision = decide(context.policies(), context.cluster(), answer.example->flow);
  const ir::Verdict bad = passes ? ir::Verdict::Allowed : ir::Verdict::Denied;
  if (decision.verdict == bad) return answer;
  return {ProofStatus::Unknown, "the evaluator does not confirm the counterexample", answer.method, std::nullopt};
}

/// Whether some node among the ends of the question has policy of its own (policy.md 2.5, 4.2).
bool judges_nodes(const CheckContext& context) {
  const ir::Settings& settings = context.cluster().settings;
  if (!settings.host_firewall || settings.enforcement == ir::Enforcement::Never) return false;
  const auto& rules = context.policies().rules;
  return settings.enforcement == ir::Enforcement::Always ||
         std::any_of(rules.begin(), rules.end(), [](const ir::Rule& rule) { return rule.subject_is_node; });
}

/// The question without nodes; whether there were some.
bool leave_nodes_out(const Space& space, Question& question) {
  const auto is_node = [&](const EndBox& box) { return space.kinds()[box.kind].kind == ir::EndpointKind::Node; };
  return std::erase_if(question.sources, is_node) + std::erase_if(question.destinations, is_node) > 0;
}

}  // namespace

Engine::Engine(const CheckContext& context, Bias bias)
    : policies(approximate(context.rules.space(), context.policies(), bias)), rules(context.rules.space(), policies),
      solver(context.rules.space(), policies, context.limits.solver_millis) {}

Engine& Engines::get(Bias bias) {
  std::unique_ptr<Engine>& engine = made_[static_cast<std::size_t>(bias)];
  if (!engine) engine = std::make_unique<Engine>(context_, bias);
  return *engine;
}

Answer prove(Engines& engines, Question question, Claim claim) {
  const bool some = judges_nodes(engines.context()) && leave_nodes_out(engines.context().rules.space(), question);
  Answer answer = prove_all(engines, question, claim);
  if (!some || answer.status == ProofStatus::Violated) return answer;
  return {ProofStatus::Unknown, "the host firewall judges nodes, about which nothing is proven", answer.method, std::nullopt};
}

}  // namespace weir::compiler
