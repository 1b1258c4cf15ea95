// WEIR0207 dead-tier. One rule takes everything that the rules of a tier match, before they are asked: a Pass takes the rest
// of its own tier, an allow or a deny a whole later tier (policy.md 4.2, 8.1); or all whom a Baseline tier selects are
// isolated by policies of the Normal tier, which have the last word (8.2). Told once, instead of once for each rule.
// Tested by tests/unit/compiler/verify/dead_tier_test.cpp.
#include <algorithm>
#include <map>

#include "compiler/verify/checks.h"
#include "compiler/verify/cover.h"
#include "compiler/verify/decided_alike.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

using ir::RuleId;
using Ids = std::vector<RuleId>;
/// The rules of one tier and direction, in the order in which they are asked.
using Tiers = std::map<std::pair<ir::Direction, ir::Tier>, Ids>;

constexpr std::size_t kNamed = 4;

std::string_view name_of(ir::Tier tier) {
  switch (tier) {
    case ir::Tier::Admin: return "Admin";
    case ir::Tier::Normal: return "NetworkPolicy";
    case ir::Tier::Baseline: return "Baseline";
  }
  return "";
}

class DeadTiers {
 public:
  explicit DeadTiers(const CheckContext& context) : context_(context), rules_(context.rules), told_(context.policies().rules.size()) {
    for (std::uint32_t i = 0; i < told_.size(); ++i)
      tiers_[{rule(RuleId{i}).direction, rule(RuleId{i}).tier}].push_back(RuleId{i});
  }

  std::vector<bool> run() {
    for (const auto& [place, members] : tiers_)
      if (!by_one_rule(place.first, place.second, members) && place.second == ir::Tier::Baseline) by_isolation(place.first, members);
    return std::move(told_);
  }

 private:
  [[nodiscard]] const ir::Rule& rule(RuleId id) const { return context_.policies().rule(id); }

  [[nodiscard]] Ids before(ir::Direction direction, ir::Tier tier) const {
    Ids found;
    for (const auto& [place, members] : tiers_)
      if (place.first == direction && place.second < tier) found.insert(found.end(), members.begin(), members.end());
    return found;
  }

  bool by_one_rule(ir::Direction direction, ir::Tier tier, const Ids& members) {
    for (const RuleId id : before(direction, tier))
      if (ends_all(id) && takes(id, members)) return report(id, members);
    for (const RuleId id : members) {
      if (rule(id).action != ir::Action::Pass) continue;
      Ids after;
      std::copy_if(members.begin(), members.end(), std::back_inserter(after), [&](RuleId m) { return asked_before(rule(id), rule(m)); });
      if (elements_among(after) > 1 && takes(id, after)) return report(id, after);
    }
    return false;
  }

  /// It has the last word, and no pass of its tier may come before it.
  [[nodiscard]] bool ends_all(RuleId id) const {
    const ir::Rule& written = rule(id);
    if (written.action == ir::Action::Pass || written.l7 || written.conflict) return false;
    const Ids& beside = tiers_.at({written.direction, written.tier});
    return std::none_of(beside.begin(), beside.end(), [&](RuleId other) {
      return rule(other).action == ir::Action::Pass && asked_before(rule(other), written);
    });
  }

  [[nodiscard]] std::size_t elements_among(const Ids& ids) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) count += i == 0 || !same_element(rule(ids[i - 1]), rule(ids[i]));
    return count;
  }

  /// All that a rule does: it matches connections and may isolate its subject from any other.
  [[nodiscard]] Boxes effect(RuleId id) const {
    const RuleRegion& region = rules_.region(id);
    if (!region.subject || !rule(id).default_deny) return rules_.boxes(id);
    Boxes all;
    const bool egress = rule(id).direction == ir::Direction::Egress;
    for (const EndBox& end : rules_.space().everyone())
      all.push_back({egress ? *region.subject : end, egress ? end : *region.subject, ir::every_port()});
    return all;
  }

  [[nodiscard]] bool takes(RuleId id, const Ids& members) const {
    bool some = false;
    for (const RuleId member : members) {
      if (rule(member).subject_is_node) return false;
      Boxes boxes = effect(member);
      if (boxes.empty()) continue;
      some = true;
      if (!cover(rules_, std::move(boxes), {id}, context_.limits.pieces).complete) return false;
    }
    return some;
  }

  /// policy.md 8.2, upstream.
  bool by_isolation(ir::Direction direction, const Ids& members) {
    if (context_.cluster().settings.derived_baseline_before_default_deny) return false;
    Ids by;
    for (const RuleId member : members)
      if (rule(member).subject_is_node || (rules_.region(member).subject && !isolated(member, by))) return false;
    if (by.empty()) return false;
    const std::size_t count = elements_among(members);
    ir::Diagnostic found = begin(members.front());
    found.detail = "no rule of the tier Baseline is ever asked about " + std::string(to_text(direction)) +
                   ": NetworkPolicies isolate all whom " + (count == 1 ? "its rule selects" : "its " + std::to_string(count) + " rules select");
    for (std::size_t i = 0; i < by.size() && i < kNamed; ++i)
      found.labels.push_back({rule(by[i]).origin, "this isolates them, and the tier NetworkPolicy has the last word"});
    found.fix = "write what must hold into the tier Admin, or delete the policy";
    return finish(std::move(found), members.front(), std::nullopt, members);
  }

  bool isolated(RuleId id, Ids& by) const {
    std::vector<EndBox> left = {*rules_.region(id).subject};
    for (const RuleId other : rules_.selecting(left.front(), rule(id).direction)) {
      if (!rule(other).default_deny) continue;
      std::vector<EndBox> next;
      for (const EndBox& piece : left)
        for (EndBox& rest : rules_.space().subtract(piece, *rules_.region(other).subject)) next.push_back(std::move(rest));
      left = std::move(next);
      if (std::find(by.begin(), by.end(), other) == by.end()) by.push_back(other);
      if (left.empty() || left.size() > context_.limits.pieces) break;
    }
    return left.empty();
  }

  [[nodiscard]] ir::Diagnostic begin(RuleId at) const {
    ir::Diagnostic found;
    found.kind = ir::Code::DeadTier;
    found.primary = rule(at).origin;
    return found;
  }

  bool report(RuleId id, const Ids& members) {
    const bool pass = rule(id).action == ir::Action::Pass;
    ir::Diagnostic found = begin(id);
    found.detail = "the " + std::string(to_text(rule(id).action)) + " `" + rule_name(context_.policies(), id) + "` takes all that " +
                   (pass ? "the rules after it in the tier " : "the tier ") + std::string(name_of(rule(members.front()).tier)) +
                   (pass ? " match" : " matches") + ": none of " + std::to_string(elements_among(members)) + " is ever asked";
    for (std::size_t i = 0; i < members.size() && i < kNamed; ++i)
      found.labels.push_back({rule(members[i]).origin, "never asked"});
    found.fix = pass ? "narrow the subject or the peers of the pass, or delete the rules after it"
                     : "narrow the subject or the peers of the rule, or delete the rules that it makes idle";
    const auto live = std::find_if(members.begin(), members.end(), [&](RuleId member) { return !effect(member).empty(); });
    return finish(std::move(found), *live, id, members);
  }

  /// The evaluator says of one connection of a dead rule that none of them decides it.
  bool finish(ir::Diagnostic found, RuleId dead, std::optional<RuleId> by, const Ids& members) {
    const Boxes boxes = rules_.boxes(dead).empty() ? effect(dead) : rules_.boxes(dead);
    const auto example = boxes.empty() ? std::nullopt : witness(rules_.space(), boxes.front());
    if (!example) return false;
    const auto side = decide_among(rules_, *rules_.region(dead).subject, example->flow, rule(dead).direction);
    const auto is_member = [&](RuleId id) { return std::find(members.begin(), members.end(), id) != members.end(); };
    const bool good = std::none_of(side.decided_by.begin(), side.decided_by.end(), is_member) &&
                      (!by || rule_matches(rules_, *by, example->flow));
    if (!good) {
      give_up(context_, ir::Code::DeadTier, dead, "the evaluator does not confirm it");
      return false;
    }
    for (const RuleId member : members) told_[member.index] = true;
    found.notes = witness_notes(*example, to_text(side.verdict));
    found.witness = witness_json(*example, to_text(side.verdict), rule(dead).direction);
    tell(context_, std::move(found), World::AnyPod);
    return true;
  }

  const CheckContext& context_;
  const RuleSpace& rules_;
  Tiers tiers_;
  std::vector<bool> told_;
};

}  // namespace

std::vector<bool> check_dead_tiers(const CheckContext& context) { return DeadTiers(context).run(); }

}  // namespace weir::compiler
