// Statements about connections: deny, allow, only, isolated. No counterexample is shown before the evaluator confirms it.
#include <algorithm>

#include "compiler/verify/questions.h"
#include "compiler/verify/statements.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::Direction;

/// What an answer does not speak about.
std::vector<std::string> assumptions_of(const CheckContext& context, const Questions& questions) {
  std::vector<std::string> all;
  const auto meets = [&](ir::RuleId id) {
    for (const Question& question : questions.parts)
      for (const EndBox& source : question.sources)
        for (const EndBox& destination : question.destinations)
          if (!context.rules.part(id, {source, destination, question.ports}).empty()) return true;
    return false;
  };
  const auto& rules = context.policies().rules;
  for (std::uint32_t i = 0; i < rules.size(); ++i)
    if (rules[i].l7 && meets(ir::RuleId{i})) {
      all.push_back("it is about connections; rules about requests may refuse single requests");
      break;
    }
  if (context.written.rules.size() != rules.size()) all.push_back("rules in audit are not enforced and are left out");
  const bool icmp = std::any_of(questions.parts.begin(), questions.parts.end(), [](const Question& question) {
    return ir::contains(question.ports, {ir::Protocol::Icmp, 3});
  });
  if (questions.without_own_node) all.push_back("a pod's own node reaches it anyway (`allow_localhost`)");
  if (questions.claim == Claim::Deny && icmp && context.cluster().settings.allow_icmp_frag_needed)
    all.push_back("ICMP type 3 code 4 (fragmentation needed) always passes");
  std::sort(all.begin(), all.end());
  return all;
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

void report(const CheckContext& context, const Invariant& invariant, Claim claim, ConnectionWitness example) {
  const ir::Decision decision = decide(context.policies(), context.cluster(), example.flow);
  settle(context.cluster(), example, [&](const ir::Flow& flow) { return decide(context.policies(), context.cluster(), flow).verdict == decision.verdict; });
  ir::Diagnostic found = violation(invariant, "`" + to_text(example.flow) + "` " + (claim == Claim::Deny ? "passes" : "does not pass"));
  for (const Direction direction : {Direction::Egress, Direction::Ingress}) {
    const ir::SideDecision& side = direction == Direction::Egress ? decision.egress : decision.ingress;
    if (claim == Claim::Deny || side.verdict == ir::Verdict::Denied) explain(context, side, direction, example, found);
  }
  for (const EndWitness* end : {&example.source, &example.destination})
    for (const std::string& note : end->notes) found.notes.push_back("where " + note);
  for (const std::string& assumption : decision.assumptions) found.notes.push_back("assuming " + assumption);
  found.fix = claim == Claim::Deny ? "narrow the rule that lets it pass, or add a deny" : "add an allow for it, or narrow what denies it";
  found.witness = witness_json(example, to_text(decision.verdict), std::nullopt);
  tell(context, std::move(found), World::AnyPod);
}

/// The first counterexample of any part; else the first part that is not known.
Answer prove_parts(Engines& engines, const Questions& questions) {
  Answer whole{ProofStatus::Holds, "", "sets", std::nullopt};
  for (const Question& part : questions.parts) {
    Answer one = prove(engines, part, questions.claim);
    if (one.status == ProofStatus::Violated) return one;
    if (one.method == "z3" && whole.status == ProofStatus::Holds) whole.method = "z3";
    if (one.status == ProofStatus::Unknown && whole.status == ProofStatus::Holds) whole = std::move(one);
  }
  return whole;
}

/// Exceptions without which the statement holds as well.
void check_exceptions(Engines& engines, const Statement& statement) {
  const Space& space = engines.context().rules.space();
  const auto all = questions_of(space, statement.keys, statement.invariant, {});
  if (!all) return;
  for (const InvariantException& exception : statement.exceptions) {
    const auto inside = inside_exception(space, statement.keys, *all, exception);
    if (inside && prove_parts(engines, *inside).status == ProofStatus::Holds) report_unused(engines.context(), exception);
  }
}

}  // namespace

Answer check_connections(Engines& engines, const Statement& statement) {
  const CheckContext& context = engines.context();
  const auto questions = questions_of(context.rules.space(), statement.keys, statement.invariant, statement.exceptions);
  if (!questions) return {ProofStatus::Unknown, questions.error().message, "sets", std::nullopt};
  statement.assumptions = assumptions_of(context, *questions);
  Answer answer = prove_parts(engines, *questions);
  if (answer.status == ProofStatus::Violated) report(context, statement.invariant, questions->claim, *answer.example);
  check_exceptions(engines, statement);
  return answer;
}

}  // namespace weir::compiler
