// Properties over every label set that may exist. Set algebra answers most; what it gives up on goes to Z3, and what that
// gives up on stays unknown (architecture.md rule 6). No counterexample is shown before the evaluator confirms it.
#include <algorithm>
#include <chrono>
#include <memory>

#include "compiler/verify/approximate.h"
#include "compiler/verify/checks.h"
#include "compiler/verify/party.h"
#include "compiler/verify/questions.h"
#include "compiler/verify/reach.h"
#include "ir/base/code.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::Direction;

struct Answer {
  ProofStatus status = ProofStatus::Unknown;
  std::string why, method;
  std::optional<ConnectionWitness> example;
};

/// The rules with what is in doubt read one way, and who answers about them.
struct Engine {
  ir::PolicySet policies;
  RuleSpace rules;
  Solver solver;

  Engine(const CheckContext& context, Bias bias)
      : policies(approximate(context.rules.space(), context.policies(), bias)), rules(context.rules.space(), policies),
        solver(context.rules.space(), policies, context.limits.solver_millis) {}
};

/// The two ways; made once they are needed.
struct Engines {
  const CheckContext& context;
  std::unique_ptr<Engine> made[2] = {};

  Engine& get(Bias bias) {
    std::unique_ptr<Engine>& engine = made[static_cast<std::size_t>(bias)];
    if (!engine) engine = std::make_unique<Engine>(context, bias);
    return *engine;
  }
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
  const CheckContext& context = engines.context;
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

Answer prove(Engines& engines, const Question& question, Claim claim) {
  const CheckContext& context = engines.context;
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

Answer prove_without_nodes(Engines& engines, Question question, Claim claim) {
  const bool some = judges_nodes(engines.context) && leave_nodes_out(engines.context.rules.space(), question);
  Answer answer = prove(engines, question, claim);
  if (!some || answer.status == ProofStatus::Violated) return answer;
  return {ProofStatus::Unknown, "the host firewall judges nodes, about which nothing is proven", answer.method, std::nullopt};
}

/// What an answer does not speak about.
std::vector<std::string> assumptions_of(const CheckContext& context, const Question& question, Claim claim) {
  std::vector<std::string> all;
  const auto meets = [&](ir::RuleId id) {
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
  const bool icmp = ir::contains(question.ports, {ir::Protocol::Icmp, 3});
  if (claim == Claim::Deny && icmp && context.cluster().settings.allow_icmp_frag_needed)
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

Answer check(Engines& engines, const std::set<std::string>& keys, const Invariant& invariant,
             std::vector<std::string>& assumptions) {
  const CheckContext& context = engines.context;
  const auto& reach = std::get<ReachInvariant>(invariant.statement);
  const auto question = question_of(context.rules.space(), keys, reach);
  if (!question) return {ProofStatus::Unknown, question.error().message, "sets", std::nullopt};
  assumptions = assumptions_of(context, *question, reach.claim);
  Answer answer = prove_without_nodes(engines, *question, reach.claim);
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
  Engines engines{context};
  for (const Invariant& invariant : invariants.statements) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::string> assumptions;
    const Answer answer = check(engines, keys, invariant, assumptions);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    context.report.proofs.push_back({to_text(invariant), answer.status, answer.why, answer.method, std::move(assumptions), invariant.origin,
                                     static_cast<std::uint64_t>(took.count())});
  }
}

}  // namespace weir::compiler
