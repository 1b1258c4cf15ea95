// Properties over every label set that may exist. Set algebra answers most; what it gives up on goes to Z3, and what that
// gives up on stays unknown (architecture.md rule 6). No counterexample is shown before the evaluator confirms it.
#include <chrono>

#include "compiler/verify/checks.h"
#include "compiler/verify/party.h"
#include "compiler/verify/questions.h"
#include "compiler/verify/reach.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::Direction;

struct Answer {
  ProofStatus status = ProofStatus::Unknown;
  std::string why, method;
  std::optional<ConnectionWitness> example;
};

Answer from_sets(const Reach& reach) {
  return {reach.example ? ProofStatus::Violated : ProofStatus::Holds, "", "sets", reach.example};
}

Answer from_solver(const SolverAnswer& answer) {
  if (answer.status == SolverStatus::Unknown) return {ProofStatus::Unknown, answer.why, "z3", std::nullopt};
  const bool found = answer.status == SolverStatus::Found;
  return {found ? ProofStatus::Violated : ProofStatus::Holds, "", "z3", answer.model};
}

/// What breaks the property passes when it says deny, and does not when it says allow.
Answer prove(const CheckContext& context, const Question& question, Claim claim) {
  const bool passes = claim == Claim::Deny;
  const Reach reach = passes ? find_passing(context.rules, question, context.limits.pieces)
                             : find_not_passing(context.rules, question, context.limits.pieces);
  Answer answer = reach.settled ? from_sets(reach) : from_solver(context.solver.passing(question, passes));
  if (answer.status != ProofStatus::Violated) return answer;
  const ir::Decision decision = decide(context.policies(), context.cluster(), answer.example->flow);
  const ir::Verdict bad = passes ? ir::Verdict::Allowed : ir::Verdict::Denied;
  if (decision.verdict == bad) return answer;
  return {ProofStatus::Unknown, "the evaluator does not confirm the counterexample", answer.method, std::nullopt};
}

/// What one side said, as a label at the rule or as a note when a default decided.
void explain(const CheckContext& context, const ir::SideDecision& side, Direction direction, const ConnectionWitness& example,
             ir::Diagnostic& found) {
  const bool egress = direction == Direction::Egress;
  const std::string end = "`" + (egress ? example.source.party : example.destination.party) + "`";
  const std::string way = egress ? "egress of " : "ingress to ";
  if (side.default_rule == ir::DefaultRule::DefaultAllow && !side.enforced) {
    found.notes.push_back("no policy applies to the " + way + end);
  } else if (side.default_rule == ir::DefaultRule::DefaultAllow) {
    found.notes.push_back("nothing isolates the " + way + end);
  } else if (side.default_rule == ir::DefaultRule::AllowLocalhost) {
    found.notes.push_back("a pod's own node always reaches it (`allow-localhost`)");
  } else if (!side.decided_by.empty()) {
    const ir::RuleId by = side.decided_by.front();
    const bool isolates = side.default_rule == ir::DefaultRule::DefaultDeny;
    found.labels.push_back({context.policies().rule(by).origin,
                            isolates ? "this isolates the " + way + end + ", and no rule lets it pass"
                                     : "this " + std::string(to_text(context.policies().rule(by).action)) + " decides the " + way + end});
  } else if (side.default_rule == ir::DefaultRule::DefaultDeny) {
    found.notes.push_back("enforcement is `always`, and no rule lets the " + way + end + " pass");
  }
}

void report(const CheckContext& context, const Invariant& invariant, Claim claim, const ConnectionWitness& example) {
  const ir::Decision decision = decide(context.policies(), context.cluster(), example.flow);
  ir::Diagnostic found;
  found.kind = ir::Code::InvariantViolated;
  found.primary = invariant.origin;
  found.detail = "`" + to_text(example.flow) + "` " + (claim == Claim::Deny ? "passes" : "does not pass");
  for (const Direction direction : {Direction::Egress, Direction::Ingress}) {
    const ir::SideDecision& side = direction == Direction::Egress ? decision.egress : decision.ingress;
    if (claim == Claim::Deny || side.verdict == ir::Verdict::Denied) explain(context, side, direction, example, found);
  }
  for (const EndWitness* end : {&example.source, &example.destination})
    for (const std::string& note : end->notes) found.notes.push_back("where " + note);
  for (const std::string& assumption : decision.assumptions) found.notes.push_back("assuming " + assumption);
  found.fix = claim == Claim::Deny ? "narrow the rule that lets it pass, or add a deny" : "add an allow for it, or narrow what denies it";
  found.witness = witness_json(example, to_text(decision.verdict), std::nullopt);
  context.diagnostics.report(std::move(found));
}

Answer check(const CheckContext& context, const std::set<std::string>& keys, const Invariant& invariant) {
  const auto& reach = std::get<ReachInvariant>(invariant.statement);
  const auto question = question_of(context.rules.space(), keys, reach);
  if (!question) return {ProofStatus::Unknown, question.error().message, "sets", std::nullopt};
  Answer answer = prove(context, *question, reach.claim);
  if (answer.status == ProofStatus::Violated) report(context, invariant, reach.claim, *answer.example);
  return answer;
}

}  // namespace

ir::Result<Question> question_of(const Space& space, const std::set<std::string>& keys, const ReachInvariant& reach) {
  auto sources = ends_of(space, keys, reach.source);
  if (!sources) return tl::unexpected(sources.error());
  auto destinations = ends_of(space, keys, reach.destination);
  if (!destinations) return tl::unexpected(destinations.error());
  Question question{std::move(*sources), std::move(*destinations), ir::ports_of(reach.ports)};
  // A claim about nobody holds, and tells nothing.
  if (question.sources.empty()) return ir::failure("no end that may exist is `" + to_text(reach.source) + "`");
  if (question.destinations.empty()) return ir::failure("no end that may exist is `" + to_text(reach.destination) + "`");
  return question;
}

void check_invariants(const CheckContext& context, const Invariants& invariants) {
  const std::set<std::string> keys = label_keys(context.policies());
  for (const Invariant& invariant : invariants.statements) {
    const auto start = std::chrono::steady_clock::now();
    const Answer answer = check(context, keys, invariant);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    context.report.proofs.push_back({to_text(invariant), answer.status, answer.why, answer.method, invariant.origin,
                                     static_cast<std::uint64_t>(took.count())});
  }
}

}  // namespace weir::compiler
