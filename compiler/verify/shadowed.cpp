// WEIR0201 rule-shadowed. A rule is reported when it can never be the one that decides:
//  - it can match nothing at all; or
//  - whatever it matches, rules that are asked before it, or denies beside it, decide already (policy.md 4.2, 4.3); or
//  - rules of the same group and the same action match all of it too, and its subject stays isolated without it, so that
//    taking it away changes no verdict.
// Of two rules that cover each other the later one is reported. Tested by tests/unit/compiler/verify/shadowed_test.cpp,
// which takes every reported rule away and asks the evaluator again.
#include <algorithm>

#include "compiler/verify/checks.h"
#include "compiler/verify/cover.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::RuleId;

struct Shadow {
  std::vector<RuleId> by;
  bool redundant = false;  // rules of the same action are needed: taking the rule away changes no verdict
};

class ShadowCheck {
 public:
  explicit ShadowCheck(const CheckContext& context) : context_(context), rules_(context.rules), gone_(rules().size()) {}

  std::vector<bool> run() {
    // Rules that one other rule covers first: then a broad rule stays and the narrow ones beside it are reported.
    for (const bool together : {false, true})
      for (std::uint32_t i = static_cast<std::uint32_t>(rules().size()); i-- > 0;)
        if (const RuleId id{i}; !gone_[i] && analysable(id)) look_at(id, together);
    return gone_;
  }

 private:
  [[nodiscard]] const std::vector<ir::Rule>& rules() const { return context_.policies().rules; }

  /// A rule that only isolates (empty `peers`) decides nothing on purpose; one for nodes or reserved subjects is not ours.
  [[nodiscard]] bool analysable(RuleId id) const {
    const ir::Rule& rule = context_.policies().rule(id);
    if (rule.subject_is_node || rule.action == ir::Action::Pass) return false;
    if ((rule.peers && rule.peers->empty()) || (rule.ports && rule.ports->empty())) return false;
    return std::none_of(rule.subject.requirements.begin(), rule.subject.requirements.end(),
                        [](const ir::Requirement& r) { return r.source != "any" && r.source != "k8s"; });
  }

  void look_at(RuleId id, bool together) {
    if (rules_.region(id).empty()) {
      if (!together) report_empty(id);
      return;
    }
    const std::vector<RuleId> meeting = rules_.meeting(id);
    const std::optional<Shadow> shadow = together ? covered_together(id, meeting) : covered_by_one(id, meeting);
    if (shadow) report(id, *shadow);
  }

  /// Decides before `id` does, wherever both match.
  [[nodiscard]] bool beats(RuleId other, RuleId id) const {
    const ir::Rule &a = context_.policies().rule(other), &b = context_.policies().rule(id);
    if (a.action == ir::Action::Pass) return false;
    if (asked_before(a, b)) return true;
    return !asked_before(b, a) && a.action == ir::Action::Deny && b.action == ir::Action::Allow;
  }

  [[nodiscard]] bool equals(RuleId other, RuleId id) const {
    const ir::Rule &a = context_.policies().rule(other), &b = context_.policies().rule(id);
    return !gone_[other.index] && a.action == b.action && !asked_before(a, b) && !asked_before(b, a);
  }

  /// policy.md 4.2: a pass may switch off the rules that would decide first.
  [[nodiscard]] bool meets_pass(const std::vector<RuleId>& meeting) const {
    return std::any_of(meeting.begin(), meeting.end(),
                       [&](RuleId other) { return context_.policies().rule(other).action == ir::Action::Pass; });
  }

  [[nodiscard]] std::optional<Shadow> covered_by_one(RuleId id, const std::vector<RuleId>& meeting) const {
    if (meets_pass(meeting)) return std::nullopt;
    for (const RuleId other : meeting)
      if (beats(other, id) && rules_.inside(id, other)) return Shadow{{other}, false};
    for (const RuleId other : meeting)
      if (equals(other, id) && rules_.inside(id, other) && stays_isolated(id)) return Shadow{{other}, true};
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Shadow> covered_together(RuleId id, const std::vector<RuleId>& meeting) {
    std::vector<RuleId> first, all;
    for (const RuleId other : meeting) {
      if (beats(other, id)) first.push_back(other);
      if (beats(other, id) || equals(other, id)) all.push_back(other);
    }
    if (all.empty()) return std::nullopt;
    if (meets_pass(meeting)) return give_up(id, "a pass rule meets it");
    auto by = covering(id, all);
    if (!by) return std::nullopt;
    if (auto deciding = covering(id, first)) return Shadow{std::move(*deciding), false};
    if (!stays_isolated(id)) return std::nullopt;
    return Shadow{std::move(*by), true};
  }

  /// Those of `others` that together match all of the rule; set algebra first, then the solver.
  [[nodiscard]] std::optional<std::vector<RuleId>> covering(RuleId id, const std::vector<RuleId>& others) {
    if (others.empty()) return std::nullopt;
    Cover answer = cover(rules_, rules_.boxes(id), others, context_.limits.pieces);
    if (answer.complete) return answer.by;
    if (!answer.gave_up) return std::nullopt;
    const SolverAnswer solved = context_.solver.left_out(id, others);
    if (solved.status == SolverStatus::None) return others;
    if (solved.status == SolverStatus::Unknown) give_up(id, solved.why);
    return std::nullopt;
  }

  /// Without the rule its subject would still be in default deny (policy.md 4.1).
  [[nodiscard]] bool stays_isolated(RuleId id) const {
    const ir::Rule& rule = context_.policies().rule(id);
    if (!rule.default_deny || context_.cluster().settings.enforcement == ir::Enforcement::Always) return true;
    std::vector<EndBox> left = {*rules_.region(id).subject};
    for (const RuleId other : rules_.selecting(left.front(), rule.direction)) {
      if (other == id || gone_[other.index] || !context_.policies().rule(other).default_deny) continue;
      std::vector<EndBox> next;
      for (const EndBox& piece : left)
        for (EndBox& rest : rules_.space().subtract(piece, *rules_.region(other).subject)) next.push_back(std::move(rest));
      left = std::move(next);
      if (left.empty()) return true;
      if (left.size() > context_.limits.pieces) return false;
    }
    return false;
  }

  std::optional<Shadow> give_up(RuleId id, const std::string& why) {
    compiler::give_up(context_, ir::Code::RuleShadowed, id, why);
    return std::nullopt;
  }

  /// The other rules that may select the subject: all that a verdict without this rule depends on.
  [[nodiscard]] ir::PolicySet without(RuleId id) const {
    ir::PolicySet subset;
    for (const RuleId other : rules_.selecting(*rules_.region(id).subject, context_.policies().rule(id).direction))
      if (other != id) subset.rules.push_back(context_.policies().rule(other));
    return subset;
  }

  /// The evaluator says of this connection that the rule matches, another rule decides, and nothing changes without it.
  [[nodiscard]] std::optional<ir::SideDecision> confirm(RuleId id, const ConnectionWitness& witness) const {
    const ir::Direction direction = context_.policies().rule(id).direction;
    auto side = decide_side(context_.policies(), context_.cluster(), witness.flow, direction);
    const auto other = decide_side(without(id), context_.cluster(), witness.flow, direction);
    const bool another = side.default_rule == ir::DefaultRule::None &&
                         std::any_of(side.decided_by.begin(), side.decided_by.end(), [&](RuleId by) { return by != id; });
    if (!another || !rule_matches(rules_, id, witness.flow) || other.verdict != side.verdict) return std::nullopt;
    return side;
  }

  void report(RuleId id, const Shadow& shadow) {
    const auto example = witness(rules_.space(), rules_.boxes(id).front());
    const auto side = example ? confirm(id, *example) : std::nullopt;
    if (!side) {
      give_up(id, "the evaluator does not confirm it");
      return;
    }
    gone_[id.index] = true;
    context_.diagnostics.report(diagnostic(id, shadow, *example, *side));
  }

  [[nodiscard]] ir::Diagnostic diagnostic(RuleId id, const Shadow& shadow, const ConnectionWitness& example,
                                          const ir::SideDecision& side) const {
    const ir::Rule& rule = context_.policies().rule(id);
    const std::string action(to_text(rule.action)), names = rule_names(context_.policies(), shadow.by);
    ir::Diagnostic found;
    found.kind = ir::Code::RuleShadowed;
    found.primary = rule.origin;
    const std::string subject = "`" + rule_name(context_.policies(), id) + "`";
    found.detail = shadow.redundant ? "the " + action + " " + subject + " changes no verdict: " + names + " matches all of it too"
                                    : "the " + action + " " + subject + " never decides: " + names + " decides first";
    for (std::size_t i = 0; i < shadow.by.size() && i < 4; ++i) {
      const ir::Rule& other = context_.policies().rule(shadow.by[i]);
      found.labels.push_back({other.origin, "this " + std::string(to_text(other.action)) +
                                                (equals(shadow.by[i], id) ? " matches it too" : " decides first")});
    }
    found.notes = witness_notes(example, to_text(side.verdict));
    if (!shadow.redundant && rule.default_deny && !stays_isolated(id))
      found.notes.push_back("it still puts its subject into default deny");
    found.fix = shadow.redundant ? "delete the rule" : "delete the rule, or narrow what decides before it";
    found.witness = witness_json(example, to_text(side.verdict), rule.direction);
    return found;
  }

  void report_empty(RuleId id) {
    const ir::Rule& rule = context_.policies().rule(id);
    if (rules_.region(id).subject && !contradicts_itself(rule)) return;
    gone_[id.index] = true;
    ir::Diagnostic found;
    found.kind = ir::Code::RuleShadowed;
    found.primary = rule.origin;
    found.detail = "the " + std::string(to_text(rule.action)) + " `" + rule_name(context_.policies(), id) +
                   "` can match nothing: " +
                   (rules_.region(id).subject ? "no peer that may exist fits" : "its subject selects no pod that may exist");
    found.notes.push_back("subject `" + to_text(rule.subject) + "`");
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{})) found.notes.push_back("peer `" + to_text(peer) + "`");
    found.fix = "look for requirements that exclude each other, or for a label that is no part of an identity";
    context_.diagnostics.report(std::move(found));
  }

  /// Only what is about pod labels or addresses is judged: other sources may name ends that are not modelled.
  [[nodiscard]] static bool contradicts_itself(const ir::Rule& rule) {
    return rule.peers && std::all_of(rule.peers->begin(), rule.peers->end(), [](const ir::Peer& peer) {
      const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
      return !selector || std::none_of(selector->selector.requirements.begin(), selector->selector.requirements.end(),
                                       [](const ir::Requirement& r) { return r.source != "any" && r.source != "k8s"; });
    });
  }

  const CheckContext& context_;
  const RuleSpace& rules_;
  std::vector<bool> gone_;
};

}  // namespace

std::vector<bool> check_shadowed(const CheckContext& context) { return ShadowCheck(context).run(); }

}  // namespace weir::compiler
