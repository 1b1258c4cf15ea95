// Why this is complete: a verdict can differ only where a rule of one set alone decides, or where it isolates a subject that no
// shared rule isolates; that is where the search starts (differing.h). A connection is only dropped together with a box that both sets decide
// as they decide it (decided_alike.h).
#include "compiler/verify/any_diff.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "compiler/verify/decided_alike.h"
#include "compiler/verify/differing.h"
#include "compiler/verify/solver.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::Direction;
using ir::RuleId;

const EndBox& subject_of(const ConnectionBox& piece, Direction side) { return side == Direction::Egress ? piece.source : piece.destination; }

/// One of the two sets.
struct Side {
  const RuleSpace& rules;
  const ir::PolicySet& policies;
  DecidedAlike alike;

  explicit Side(const RuleSpace& set) : rules(set), policies(set.policies()), alike(set) {}

  [[nodiscard]] ir::Decision decide(const ir::Flow& flow) const { return ir::decide(policies, rules.space().cluster(), flow); }

  /// One side of a connection of the piece, by the evaluator over the rules that may select its subject.
  [[nodiscard]] ir::SideDecision decide(const ConnectionBox& piece, const ir::Flow& flow, Direction direction) const {
    return decide_among(rules, subject_of(piece, direction), flow, direction);
  }

  /// What of the piece may not be decided on this side as this connection of it is.
  [[nodiscard]] Boxes rest(const ConnectionBox& piece, const ir::Flow& flow, Direction direction, const ir::SideDecision& decision) const {
    if (decision.verdict == ir::Verdict::Denied) return alike.without_denied(piece, direction, decision);
    return alike.without_allowed(piece, direction, decision, flow);
  }
};

void push_reversed(Boxes more, Boxes& onto) {
  for (auto box = more.rbegin(); box != more.rend(); ++box) onto.push_back(std::move(*box));
}

/// Who decided, for telling differences apart.
using Deciders = std::vector<RuleId>;
Deciders deciders(const ir::Decision& decision) {
  const auto& side = decision.egress.verdict == ir::Verdict::Denied ? decision.egress : decision.ingress;
  Deciders out = side.decided_by;
  out.push_back(RuleId{static_cast<std::uint32_t>(side.default_rule)});
  if (&side == &decision.ingress && decision.ingress.verdict != ir::Verdict::Denied)
    out.insert(out.end(), decision.egress.decided_by.begin(), decision.egress.decided_by.end());
  return out;
}

class Search {
 public:
  Search(const TwoSets& sets, const VerifyLimits& limits, std::size_t most)
      : space_(sets.before.space()), a_(sets.before), b_(sets.after), limits_(limits), most_(most), own_(sets.own), solver_(space_, a_.policies, limits.solver_millis) {}

  AnyDiff run() {
    if (own_.before.empty() && own_.after.empty()) return std::move(out_);
    const bool readable = DecidedAlike::readable(a_.policies) && DecidedAlike::readable(b_.policies);
    if (!readable || !by_sets()) by_solver();
    return std::move(out_);
  }

 private:
  Boxes starts(Direction direction) const { return differing(a_.rules, b_.rules, own_, direction); }

  /// False: too many pieces. A verdict differs only where that of one side does.
  bool by_sets() {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      // The last piece is taken next: first pods, then the outside, then what is rarely meant.
      Boxes pieces;
      push_reversed(starts(direction), pieces);
      while (!pieces.empty() && !enough_) {
        if (!within_limit(pieces)) return false;
        const ConnectionBox piece = std::move(pieces.back());
        pieces.pop_back();
        const auto point = witness(space_, piece);
        if (!point) continue;
        const ir::SideDecision before = a_.decide(piece, point->flow, direction), after = b_.decide(piece, point->flow, direction);
        Boxes rest = a_.rest(piece, point->flow, direction, before);
        add_apart(space_, rest, b_.rest(piece, point->flow, direction, after));
        if (before.verdict != after.verdict && !look_into(piece, rest, direction, before.verdict == ir::Verdict::Denied)) return false;
        push_reversed(std::move(rest), pieces);
      }
    }
    return true;
  }

  bool within_limit(const Boxes& pieces) { return ++taken_ <= limits_.pieces && pieces.size() <= 16 * limits_.pieces; }

  /// Of `piece` without `rest` one side differs: whether the other lets anything pass. False: too many pieces.
  bool look_into(const ConnectionBox& piece, const Boxes& rest, Direction direction, bool denied_before) {
    const Direction other = direction == Direction::Ingress ? Direction::Egress : Direction::Ingress;
    const Side& allowing = denied_before ? b_ : a_;
    Boxes left{piece};
    for (const ConnectionBox& out : rest) {
      Boxes next;
      for (const ConnectionBox& box : left)
        for (ConnectionBox& part : space_.subtract(box, out)) next.push_back(std::move(part));
      left = std::move(next);
    }
    std::reverse(left.begin(), left.end());
    while (!left.empty()) {
      if (!within_limit(left)) return false;
      const ConnectionBox box = std::move(left.back());
      left.pop_back();
      auto point = witness(space_, box);
      if (!point) continue;
      const ir::SideDecision decision = allowing.decide(box, point->flow, other);
      if (decision.verdict == ir::Verdict::Allowed) {
        confirm(*point);
        return true;
      }
      push_reversed(allowing.rest(box, point->flow, other, decision), left);
    }
    return true;
  }

  void keep(AnyDifference difference) {
    if (!seen_.emplace(deciders(difference.before), deciders(difference.after)).second) return;
    if (out_.found.size() == most_) {
      out_.complete = false;
      out_.why = "there are more than " + std::to_string(most_) + " differences";
      enough_ = true;
      return;
    }
    out_.found.push_back(std::move(difference));
  }

  /// One question for each box, so that every rule that differs gets its example.
  void by_solver() {
    constexpr std::size_t kMostQuestions = 200;
    out_.method = "z3";
    Boxes boxes = starts(Direction::Ingress);
    for (ConnectionBox& box : starts(Direction::Egress)) boxes.push_back(std::move(box));
    if (boxes.size() > kMostQuestions) return ask({space_.everyone(), space_.everyone(), ir::every_port()}, true);
    for (const ConnectionBox& box : boxes) ask({{box.source}, {box.destination}, box.ports}, false);
  }

  void ask(const Question& question, bool whole) {
    const SolverAnswer answer = solver_.differing(b_.policies, question);
    if (answer.status == SolverStatus::None) return;
    if (answer.status == SolverStatus::Unknown || whole) {
      out_.complete = false;
      out_.why = whole && answer.why.empty() ? "too many rules differ to ask the solver about each" : answer.why;
    }
    if (answer.status == SolverStatus::Found) confirm(*answer.model);
  }

  /// What sets or the solver say is a claim until the evaluator says so. The solver likes port 0, which nobody serves: port 1
  /// does as well where it differs too.
  void confirm(ConnectionWitness model) {
    const bool ported = model.flow.protocol == ir::Protocol::Tcp || model.flow.protocol == ir::Protocol::Udp || model.flow.protocol == ir::Protocol::Sctp;
    if (ported && model.flow.port == 0) {
      ConnectionWitness served = model;
      served.flow.port = 1;
      if (a_.decide(served.flow).verdict != b_.decide(served.flow).verdict) model = std::move(served);
    }
    ir::Decision before = a_.decide(model.flow), after = b_.decide(model.flow);
    if (before.verdict != after.verdict) return keep({model, std::move(before), std::move(after)});
    out_.complete = false;
    out_.why = "the evaluator does not confirm that `" + to_text(model.flow) + "` differs";
  }

  const Space& space_;
  Side a_, b_;
  const VerifyLimits& limits_;
  std::size_t most_;
  const OwnRules& own_;
  Solver solver_;
  std::size_t taken_ = 0;
  bool enough_ = false;
  std::set<std::pair<Deciders, Deciders>> seen_;
  AnyDiff out_;
};

}  // namespace

AnyDiff diff_any(const TwoSets& sets, const VerifyLimits& limits, std::size_t most) { return Search(sets, limits, most).run(); }

}  // namespace weir::compiler
