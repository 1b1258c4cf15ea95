// Elements of which no rule that they became (policy_set.h) can ever be the one that decides:
//  - WEIR0204 rule-vacuous: it can match nothing at all;
//  - WEIR0201 rule-shadowed: whatever it matches, rules that are asked before it, or denies beside it, decide already, or a
//    pass skips the rest of its tier (policy.md 4.2, 4.3);
//  - WEIR0203 rule-redundant: rules of the same group and the same action match all of it too, and its subject stays
//    isolated without it, so that taking it away changes no verdict.
// Of two elements that cover each other the later one is reported. Rules about requests cover nothing and are covered by
// denies and earlier groups alone (4.2a, section 5). Tested by tests/unit/compiler/verify/shadowed_test.cpp, which takes every
// reported element away and asks the evaluator again.
#include <algorithm>

#include "compiler/verify/checks.h"
#include "compiler/verify/cover.h"
#include "compiler/verify/decided_alike.h"
#include "ir/base/code.h"
#include "ir/eval/eval.h"

namespace weir::compiler {
namespace {

using ir::RuleId;
using Element = std::vector<RuleId>;

struct Shadow {
  std::vector<RuleId> by;
  bool redundant = false;  // rules of the same action are needed: taking the rule away changes no verdict
};

bool of_pods(const ir::Requirement& requirement) {
  return requirement.source == "any" || requirement.source == "k8s" || requirement.source == "gen";
}

bool of_pods(const ir::Selector& selector) {
  return std::all_of(selector.requirements.begin(), selector.requirements.end(), [](const auto& r) { return of_pods(r); });
}

/// The rules that share a connection with one, those of its own element left out.
struct Meeting {
  std::vector<RuleId> ids;
  // policy.md 5.3, 5.4: where rules about names of servers or DNS match, it matters which plain allow stands beside them.
  bool server_names = false, dns = false;
  std::vector<RuleId> passes;  // policy.md 4.2: they may switch off the rules that would decide first
};

/// A rule that only isolates decides nothing on purpose.
bool only_isolates(const ir::Rule& rule) {
  return (rule.peers && rule.peers->empty()) || (rule.ports && rule.ports->empty());
}

class ShadowCheck {
 public:
  ShadowCheck(const CheckContext& context, std::vector<bool> told)
      : context_(context), rules_(context.rules), elements_(elements_of(context.policies())), gone_(std::move(told)) {
    has_names_ = std::any_of(rules().begin(), rules().end(), [](const ir::Rule& rule) {
      return rule.peers && std::any_of(rule.peers->begin(), rule.peers->end(), [](const ir::Peer& peer) {
        return std::holds_alternative<ir::FqdnPeer>(peer);
      });
    });
  }

  std::vector<bool> run() {
    // Those that one other rule covers first: then a broad rule stays and the narrow ones beside it are reported.
    for (const bool together : {false, true})
      for (auto element = elements_.rbegin(); element != elements_.rend(); ++element)
        if (!gone_[element->front().index] && analysable(*element)) look_at(*element, together);
    return gone_;
  }

 private:
  [[nodiscard]] const std::vector<ir::Rule>& rules() const { return context_.policies().rules; }

  /// A rule for nodes or reserved subjects is not ours; nor is one with a piece in audit, about which nothing is proven.
  [[nodiscard]] bool analysable(const Element& element) const {
    const ir::Rule& first = context_.policies().rule(element.front());
    const auto& written = context_.written.rules;
    const auto in_audit = [&](const ir::Rule& rule) { return rule.audit && same_element(rule, first); };
    if (written.size() != rules().size() && std::any_of(written.begin(), written.end(), in_audit)) return false;
    return std::all_of(element.begin(), element.end(), [&](RuleId id) { return analysable(context_.policies().rule(id)); });
  }

  [[nodiscard]] bool analysable(const ir::Rule& rule) const {
    // policy.md 5.6: what DNS rules let the subject look up counts for its toFQDNs rules.
    if (has_names_ && rule.l7 && !rule.l7->dns.empty()) return false;
    return !rule.subject_is_node && of_pods(rule.subject);
  }

  /// One shadow over everything that the element can match, if there is one.
  void look_at(const Element& element, bool together) {
    Element live, idle;
    for (const RuleId id : element)
      if (!only_isolates(context_.policies().rule(id))) (rules_.region(id).empty() ? idle : live).push_back(id);
    if (live.empty()) {
      if (!together && !idle.empty()) report_empty(element, idle);
      return;
    }
    Shadow all;
    for (const RuleId id : live) {
      const Meeting meeting = meeting_of(id, element);
      const std::optional<Shadow> one = together ? covered_together(id, element, meeting) : covered_by_one(id, element, meeting);
      if (!one) return;
      all.by.insert(all.by.end(), one->by.begin(), one->by.end());
      all.redundant = all.redundant || one->redundant;
    }
    std::sort(all.by.begin(), all.by.end());
    all.by.erase(std::unique(all.by.begin(), all.by.end()), all.by.end());
    report(element, live, all);
  }

  /// Decides before `id` does, wherever both match.
  [[nodiscard]] bool beats(RuleId other, RuleId id, const Meeting& meeting) const {
    const ir::Rule &a = context_.policies().rule(other), &b = context_.policies().rule(id);
    if (a.action == ir::Action::Pass) return a.tier == b.tier && asked_before(a, b);
    // policy.md 4.2a: a request that an allow does not admit goes on to the next group.
    const bool last_word = a.action == ir::Action::Deny || (!a.l7 && !a.conflict && !meeting.server_names);
    if (asked_before(a, b)) return last_word && !skipped(a, b, meeting);
    // policy.md 8.1: of one group deny, then allow, then pass.
    return !asked_before(b, a) && (a.action == ir::Action::Deny ? b.action != ir::Action::Deny
                                                                : b.action == ir::Action::Pass && last_word);
  }

  /// A pass of an earlier tier may keep `a` from being asked and not `b`; inside one tier it skips both.
  [[nodiscard]] bool skipped(const ir::Rule& a, const ir::Rule& b, const Meeting& meeting) const {
    return a.tier != b.tier && std::any_of(meeting.passes.begin(), meeting.passes.end(), [&](RuleId pass) {
      const ir::Rule& rule = context_.policies().rule(pass);
      return rule.tier == a.tier && asked_before(rule, a);
    });
  }

  /// Matches with the same effect. Not for rules whose effect on requests or authentication (policy.md 3.11) is their own.
  [[nodiscard]] bool equals(RuleId other, RuleId id, const Meeting& meeting) const {
    const ir::Rule &a = context_.policies().rule(other), &b = context_.policies().rule(id);
    if (a.l7 || b.l7 || a.conflict || b.conflict || b.auth != ir::Auth::Unset || (a.action == ir::Action::Allow && (meeting.server_names || meeting.dns))) return false;
    return !gone_[other.index] && a.action == b.action && !asked_before(a, b) && !asked_before(b, a);
  }

  [[nodiscard]] Meeting meeting_of(RuleId id, const Element& element) const {
    Meeting meeting{rules_.meeting(id)};
    std::erase_if(meeting.ids, [&](RuleId other) { return std::find(element.begin(), element.end(), other) != element.end(); });
    for (const RuleId other : meeting.ids) {
      const ir::Rule& rule = context_.policies().rule(other);
      if (rule.action == ir::Action::Pass) meeting.passes.push_back(other);
      meeting.server_names = meeting.server_names || (rule.l7 && !rule.l7->server_names.empty());
      meeting.dns = meeting.dns || (rule.l7 && !rule.l7->dns.empty());
    }
    return meeting;
  }

  [[nodiscard]] std::optional<Shadow> covered_by_one(RuleId id, const Element& element, const Meeting& meeting) const {
    for (const RuleId other : meeting.ids)
      if (beats(other, id, meeting) && rules_.inside(id, other)) return Shadow{{other}, false};
    for (const RuleId other : meeting.ids)
      if (equals(other, id, meeting) && rules_.inside(id, other) && stays_isolated(element)) return Shadow{{other}, true};
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Shadow> covered_together(RuleId id, const Element& element, const Meeting& meeting) {
    std::vector<RuleId> first, all;
    for (const RuleId other : meeting.ids) {
      if (beats(other, id, meeting)) first.push_back(other);
      if (beats(other, id, meeting) || equals(other, id, meeting)) all.push_back(other);
    }
    if (all.empty()) return std::nullopt;
    auto by = covering(id, all);
    if (!by) return std::nullopt;
    if (auto deciding = covering(id, first)) return Shadow{std::move(*deciding), false};
    if (!stays_isolated(element)) return std::nullopt;
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

  /// Without the element its subjects would still be in default deny (policy.md 4.1).
  [[nodiscard]] bool stays_isolated(const Element& element) const {
    return std::all_of(element.begin(), element.end(), [&](RuleId id) { return stays_isolated(id, element); });
  }

  [[nodiscard]] bool stays_isolated(RuleId id, const Element& element) const {
    const ir::Rule& rule = context_.policies().rule(id);
    if (!rule.default_deny || context_.cluster().settings.enforcement == ir::Enforcement::Always) return true;
    if (!rules_.region(id).subject) return true;
    std::vector<EndBox> left = {*rules_.region(id).subject};
    for (const RuleId other : rules_.selecting(left.front(), rule.direction)) {
      const bool own = std::find(element.begin(), element.end(), other) != element.end();
      if (own || gone_[other.index] || !context_.policies().rule(other).default_deny) continue;
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

  /// The other rules that may select the subject: all that a verdict without this element depends on.
  [[nodiscard]] ir::PolicySet without(RuleId id, const Element& element) const {
    ir::PolicySet subset;
    for (const RuleId other : rules_.selecting(*rules_.region(id).subject, context_.policies().rule(id).direction))
      if (std::find(element.begin(), element.end(), other) == element.end()) subset.rules.push_back(context_.policies().rule(other));
    return subset;
  }

  /// The evaluator says of this connection that the rule matches, another rule decides, and nothing changes without it.
  [[nodiscard]] std::optional<ir::SideDecision> confirm(RuleId id, const Element& element, bool redundant,
                                                         const ConnectionWitness& witness) const {
    const ir::Direction direction = context_.policies().rule(id).direction;
    auto side = decide_among(rules_, *rules_.region(id).subject, witness.flow, direction);
    const auto other = decide_side(without(id, element), context_.cluster(), witness.flow, direction);
    const auto own = [&](RuleId by) { return std::find(element.begin(), element.end(), by) != element.end(); };
    // After a pass a default may decide.
    const bool another = redundant ? !std::all_of(side.decided_by.begin(), side.decided_by.end(), own)
                                   : std::none_of(side.decided_by.begin(), side.decided_by.end(), own);
    const bool met = rule_matches(rules_, id, witness.flow, Reading::May);
    if (!another || !met || other.verdict != side.verdict) return std::nullopt;
    return side;
  }

  void report(const Element& element, const Element& live, const Shadow& shadow) {
    const RuleId id = live.front();
    const auto example = witness(rules_.space(), rules_.boxes(id).front());
    const auto side = example ? confirm(id, element, shadow.redundant, *example) : std::nullopt;
    if (!side) {
      give_up(id, "the evaluator does not confirm it");
      return;
    }
    for (const RuleId piece : element) gone_[piece.index] = true;
    tell(context_, diagnostic(id, element, shadow, *example, *side), World::AnyPod);
  }

  [[nodiscard]] ir::Diagnostic diagnostic(RuleId id, const Element& element, const Shadow& shadow,
                                          const ConnectionWitness& example, const ir::SideDecision& side) const {
    const ir::Rule& rule = context_.policies().rule(id);
    const std::string action(to_text(rule.action)), names = rule_names(context_.policies(), shadow.by);
    ir::Diagnostic found;
    found.kind = shadow.redundant ? ir::Code::RuleRedundant : ir::Code::RuleShadowed;
    found.primary = rule.origin;
    const std::string subject = "`" + rule_name(context_.policies(), id) + "`";
    found.detail = shadow.redundant ? "the " + action + " " + subject + " changes no verdict: " + names + " matches all of it too"
                                    : "the " + action + " " + subject + " never decides: " + names + " decides first";
    for (std::size_t i = 0; i < shadow.by.size() && i < 4; ++i) {
      const ir::Rule& other = context_.policies().rule(shadow.by[i]);
      const bool beside = other.action == rule.action && !asked_before(other, rule);
      const std::string effect = beside ? " matches it too" : other.action == ir::Action::Pass ? " skips the rest of its tier first" : " decides first";
      found.labels.push_back({other.origin, "this " + std::string(to_text(other.action)) + effect});
    }
    found.notes = witness_notes(example, to_text(side.verdict));
    if (!shadow.redundant && rule.default_deny && !stays_isolated(element))
      found.notes.push_back("it still puts its subject into default deny");
    found.fix = shadow.redundant ? "delete the rule" : "delete the rule, or narrow what decides before it";
    found.witness = witness_json(example, to_text(side.verdict), rule.direction);
    return found;
  }

  void report_empty(const Element& element, const Element& idle) {
    const auto certain = [&](RuleId id) {
      return !rules_.region(id).subject || contradicts_itself(context_.policies().rule(id));
    };
    if (!std::all_of(idle.begin(), idle.end(), certain)) return;
    for (const RuleId piece : element) gone_[piece.index] = true;
    const RuleId id = idle.front();
    const ir::Rule& rule = context_.policies().rule(id);
    ir::Diagnostic found;
    found.kind = ir::Code::RuleVacuous;
    found.primary = rule.origin;
    found.detail = "the " + std::string(to_text(rule.action)) + " `" + rule_name(context_.policies(), id) +
                   "` can match nothing: " +
                   (rules_.region(id).subject ? "no peer that may exist fits" : "its subject selects no pod that may exist");
    found.notes.push_back("subject `" + to_text(rule.subject) + "`");
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{})) found.notes.push_back("peer `" + to_text(peer) + "`");
    found.fix = "look for requirements that exclude each other, or for a label that is no part of an identity";
    tell(context_, std::move(found), World::AnyPod);
  }

  /// Only what is about pod labels or addresses is judged: other sources may name ends that are not modelled.
  [[nodiscard]] static bool contradicts_itself(const ir::Rule& rule) {
    return rule.peers && std::all_of(rule.peers->begin(), rule.peers->end(), [](const ir::Peer& peer) {
      const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
      return !selector || of_pods(selector->selector);
    });
  }

  const CheckContext& context_;
  const RuleSpace& rules_;
  std::vector<Element> elements_;
  std::vector<bool> gone_;
  bool has_names_ = false;
};

}  // namespace

std::vector<bool> check_shadowed(const CheckContext& context, std::vector<bool> told) {
  return ShadowCheck(context, std::move(told)).run();
}

}  // namespace weir::compiler
