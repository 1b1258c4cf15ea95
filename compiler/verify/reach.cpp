// Why this is right: a connection is only ever dropped from consideration together with a box in which every connection
// has the verdict that is not looked for, by policy.md 4.2 with a single group: a deny that matches decides; else an allow
// that matches; else, for an isolated subject, the default. encoding_test.cpp compares it with Z3 and the evaluator.
#include "compiler/verify/reach.h"

#include <algorithm>

#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::Action;
using ir::Direction;
using ir::RuleId;
using Boxes = std::vector<ConnectionBox>;

void append(Boxes& boxes, Boxes more) {
  for (ConnectionBox& box : more) boxes.push_back(std::move(box));
}

class ReachSearch {
 public:
  ReachSearch(const RuleSpace& rules, const Question& question, std::size_t limit) : rules_(rules), limit_(limit) {
    for (const EndBox& source : question.sources)
      for (const EndBox& destination : question.destinations) start_.push_back({source, destination, question.ports});
  }

  /// Set algebra does not read tiers and pass, nor an allow that fails by who else allows (policy.md 3.11).
  [[nodiscard]] bool readable() const {
    const auto& all = rules_.policies().rules;
    return std::all_of(all.begin(), all.end(), [&](const ir::Rule& rule) {
      return rule.action != Action::Pass && rule.auth != ir::Auth::AlwaysFail && rule.tier != ir::Tier::Baseline &&
             rule.tier == all.front().tier && rule.priority == all.front().priority;
    });
  }

  Reach passing() {
    return search(start_, [&](const ConnectionBox& piece, const ir::Flow& flow) -> std::optional<Boxes> {
      for (const Direction side : {Direction::Egress, Direction::Ingress}) {
        const ir::SideDecision decision = decide_side(rules_.policies(), rules_.space().cluster(), flow, side);
        if (decision.verdict == ir::Verdict::Denied) return without_denied(piece, side, decision);
      }
      return std::nullopt;
    });
  }

  Reach not_passing() {
    for (const Direction side : {Direction::Egress, Direction::Ingress}) {
      Reach reach = search(start_, [&](const ConnectionBox& piece, const ir::Flow& flow) -> std::optional<Boxes> {
        const ir::SideDecision decision = decide_side(rules_.policies(), rules_.space().cluster(), flow, side);
        if (decision.verdict == ir::Verdict::Denied) return std::nullopt;
        return without_allowed(piece, side, decision, flow);
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
      append(pieces, std::move(*rest));
    }
    return {true, std::nullopt};
  }

  [[nodiscard]] static const EndBox& subject(const ConnectionBox& piece, Direction side) {
    return side == Direction::Egress ? piece.source : piece.destination;
  }

  /// The piece with another subject.
  [[nodiscard]] static ConnectionBox with_subject(ConnectionBox piece, Direction side, EndBox subject) {
    (side == Direction::Egress ? piece.source : piece.destination) = std::move(subject);
    return piece;
  }

  [[nodiscard]] std::optional<ConnectionBox> selected(const ConnectionBox& piece, Direction side, RuleId rule) const {
    auto common = rules_.space().intersect(subject(piece, side), *rules_.region(rule).subject);
    if (!common) return std::nullopt;
    return with_subject(piece, side, std::move(*common));
  }

  [[nodiscard]] Boxes parts(const ConnectionBox& piece, Direction side, auto wanted) const {
    Boxes boxes;
    for (const RuleId rule : rules_.selecting(subject(piece, side), side))
      if (wanted(rules_.policies().rule(rule))) append(boxes, rules_.part(rule, piece));
    return boxes;
  }

  static bool any_rule(const ir::Rule&) { return true; }
  static bool is_deny(const ir::Rule& rule) { return rule.action == Action::Deny; }

  /// All of the piece that is not denied for the reason that denied one connection of it.
  [[nodiscard]] Boxes without_denied(const ConnectionBox& piece, Direction side, const ir::SideDecision& decision) const {
    if (decision.default_rule == ir::DefaultRule::None) return rules_.without(decision.decided_by.front(), piece);
    // Default deny: what some rule matches is decided by that, and other subjects may not be isolated.
    if (decision.decided_by.empty()) return without_forced(piece, side);
    const RuleId isolates = decision.decided_by.front();
    Boxes rest = rules_.unselected(isolates, piece);
    if (const auto isolated = selected(piece, side, isolates)) append(rest, parts(*isolated, side, any_rule));
    return rest;
  }

  /// enforcement=always: what no rule matches is denied. Only where no rule selects the subject can the own node be denied
  /// although it is let in elsewhere (issue 48444), so those that a rule selects are looked at again.
  [[nodiscard]] Boxes without_forced(const ConnectionBox& piece, Direction side) const {
    Boxes rest = parts(piece, side, any_rule);
    const EndBox& peer = side == Direction::Egress ? piece.destination : piece.source;
    const bool own_node = side == Direction::Ingress && rules_.space().kinds()[peer.kind].labels.reserved("host");
    if (!own_node || !rules_.space().cluster().settings.allow_localhost) return rest;
    for (const RuleId rule : rules_.selecting(subject(piece, side), side))
      if (auto chosen = selected(piece, side, rule)) rest.push_back(std::move(*chosen));
    return rest;
  }

  /// All of the piece that is not allowed for the reason that allowed one connection of it.
  [[nodiscard]] Boxes without_allowed(const ConnectionBox& piece, Direction side, const ir::SideDecision& decision,
                                      const ir::Flow& flow) const {
    // policy.md 4.4: an end without policy, or no enforcement at all.
    if (subject(piece, side).kind != 0 || rules_.space().cluster().settings.enforcement == ir::Enforcement::Never) return {};
    if (!decision.decided_by.empty()) return without_allow(piece, side, decision.decided_by.front());
    Boxes rest = parts(piece, side, is_deny);
    for (const RuleId rule : rules_.selecting(subject(piece, side), side)) {
      const bool matters = rules_.policies().rule(rule).default_deny;
      if (decision.default_rule != ir::DefaultRule::DefaultAllow || !matters) continue;
      if (auto isolated = selected(piece, side, rule)) rest.push_back(std::move(*isolated));
    }
    if (decision.default_rule == ir::DefaultRule::AllowLocalhost) append(rest, without_rules(piece, side, flow));
    return rest;
  }

  [[nodiscard]] Boxes without_allow(const ConnectionBox& piece, Direction side, RuleId allow) const {
    Boxes rest = rules_.without(allow, piece);
    for (const ConnectionBox& part : rules_.part(allow, piece)) append(rest, parts(part, side, is_deny));
    return rest;
  }

  /// Issue 48444: in some dialects the localhost allow needs a rule that selects the subject.
  [[nodiscard]] Boxes without_rules(const ConnectionBox& piece, Direction side, const ir::Flow& flow) const {
    const ir::Endpoint& end = side == Direction::Egress ? flow.source : flow.destination;
    for (const RuleId rule : rules_.selecting(subject(piece, side), side))
      if (matches(rules_.policies().rule(rule).subject, end.labels)) return rules_.unselected(rule, piece);
    return {};
  }

  const RuleSpace& rules_;
  std::size_t limit_;
  Boxes start_;
};

}  // namespace

Reach find_passing(const RuleSpace& rules, const Question& question, std::size_t limit) {
  ReachSearch search(rules, question, limit);
  return search.readable() ? search.passing() : Reach{};
}

Reach find_not_passing(const RuleSpace& rules, const Question& question, std::size_t limit) {
  ReachSearch search(rules, question, limit);
  return search.readable() ? search.not_passing() : Reach{};
}

}  // namespace weir::compiler
