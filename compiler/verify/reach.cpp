#include "compiler/verify/reach.h"

#include "compiler/verify/decided_alike.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::Direction;

class ReachSearch {
 public:
  ReachSearch(const RuleSpace& rules, const Question& question, std::size_t limit) : rules_(rules), alike_(rules), limit_(limit) {
    for (const EndBox& source : question.sources)
      for (const EndBox& destination : question.destinations) start_.push_back({source, destination, question.ports});
  }

  Reach passing() {
    return search(start_, [&](const ConnectionBox& piece, const ir::Flow& flow) -> std::optional<Boxes> {
      for (const Direction side : {Direction::Egress, Direction::Ingress}) {
        const ir::SideDecision decision = decide_among(rules_, side == Direction::Egress ? piece.source : piece.destination, flow, side);
        if (decision.verdict == ir::Verdict::Denied) return alike_.without_denied(piece, side, decision);
      }
      return std::nullopt;
    });
  }

  Reach not_passing() {
    for (const Direction side : {Direction::Egress, Direction::Ingress}) {
      Reach reach = search(start_, [&](const ConnectionBox& piece, const ir::Flow& flow) -> std::optional<Boxes> {
        const ir::SideDecision decision = decide_among(rules_, side == Direction::Egress ? piece.source : piece.destination, flow, side);
        if (decision.verdict == ir::Verdict::Denied) return std::nullopt;
        return alike_.without_allowed(piece, side, decision, flow);
      });
      if (!reach.settled || reach.example) return reach;
    }
    return {true, std::nullopt};
  }

 private:
  /// `step` looks at one connection of a piece: nothing when it is what is looked for, else what is left of the piece.
  template <class Step>
  [[nodiscard]] Reach search(Boxes pieces, Step step) const {
    for (std::size_t taken = 0; !pieces.empty(); ++taken) {
      if (taken > limit_ || pieces.size() > 16 * limit_) return {false, std::nullopt};
      const ConnectionBox piece = std::move(pieces.back());
      pieces.pop_back();
      auto point = witness(rules_.space(), piece);
      if (!point) continue;
      auto rest = step(piece, point->flow);
      if (!rest) return {true, std::move(point)};
      for (ConnectionBox& box : *rest) pieces.push_back(std::move(box));
    }
    return {true, std::nullopt};
  }

  const RuleSpace& rules_;
  DecidedAlike alike_;
  std::size_t limit_;
  Boxes start_;
};

}  // namespace

Reach find_passing(const RuleSpace& rules, const Question& question, std::size_t limit) {
  return DecidedAlike::readable(rules.policies()) ? ReachSearch(rules, question, limit).passing() : Reach{};
}

Reach find_not_passing(const RuleSpace& rules, const Question& question, std::size_t limit) {
  return DecidedAlike::readable(rules.policies()) ? ReachSearch(rules, question, limit).not_passing() : Reach{};
}

}  // namespace weir::compiler
