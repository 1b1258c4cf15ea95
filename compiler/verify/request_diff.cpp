// Connections that only an own rule can tell apart and that some rule about requests takes are cut until all of one piece are
// taken by the same peers and ports of the same rules; requests are cut until no rule of the piece tells them apart. Then one
// request on one connection of each piece is asked of the evaluator. Tested by tests/unit/compiler/verify/request_diff_test.cpp.
#include "compiler/verify/request_diff.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "compiler/verify/differing.h"
#include "ir/eval/eval.h"
#include "ir/eval/l7.h"

namespace weir::compiler {
namespace {

using ir::Direction;
using ir::RuleId;
using ir::Verdict;

const EndBox& subject_of(const ConnectionBox& piece, Direction side) { return side == Direction::Egress ? piece.source : piece.destination; }

ConnectionBox with_subject(ConnectionBox piece, Direction side, EndBox subject) {
  (side == Direction::Egress ? piece.source : piece.destination) = std::move(subject);
  return piece;
}

/// The rules of one set that may say something about a piece, on one side.
struct Few {
  const ir::Cluster& cluster;
  Direction direction;
  ir::PolicySet policies;

  Few(const RuleSpace& rules, const ConnectionBox& box, Direction side) : cluster(rules.space().cluster()), direction(side) {
    for (const RuleId id : rules.selecting(subject_of(box, side), side)) policies.rules.push_back(rules.policies().rule(id));
  }

  [[nodiscard]] Verdict answer(const ir::Flow& flow) const {
    if (ir::decide_side(policies, cluster, flow, direction).verdict != Verdict::Allowed) return Verdict::Denied;
    const auto answer = flow.request ? ir::decide_request(policies, cluster, flow, direction) : std::nullopt;
    return answer ? answer->verdict : Verdict::Allowed;
  }
};

/// A peer and port range of a rule, or its subject; one cut may stand for several.
struct Tag {
  bool after = false;
  RuleId rule;
  std::uint32_t part = 0;
  friend auto operator<=>(const Tag&, const Tag&) = default;
};
using Cuts = std::map<ConnectionBox, std::vector<Tag>>;
using Signature = std::vector<Tag>;

/// Where a piece is cut so that a rule is matched by the same of its peers and ports throughout (policy.md 3.13, 5.3, 6.4).
void add_cuts(const RuleSpace& rules, bool after, const ConnectionBox& piece, Direction side, Cuts& cuts) {
  for (const RuleId id : rules.selecting(subject_of(piece, side), side)) {
    const ir::Rule& rule = rules.policies().rule(id);
    const RuleRegion& region = rules.region(id);
    std::uint32_t part = 0;
    cuts[with_subject(piece, side, *region.subject)].push_back({after, id, part});
    for (const EndBox& peer : region.peers) {
      const auto add = [&](ir::PortSet ports) {
        auto box = side == Direction::Egress ? ConnectionBox{*region.subject, peer, std::move(ports)} : ConnectionBox{peer, *region.subject, std::move(ports)};
        cuts[std::move(box)].push_back({after, id, ++part});
      };
      if (!rule.ports) add(ir::every_port());
      else
        for (const ir::PortMatch& match : *rule.ports) add(ir::ports_of(std::vector{match}));
    }
  }
}

/// A part of a piece that lies inside or outside each cut as a whole.
struct Leaf {
  ConnectionBox box;
  Signature signature;
};

std::vector<ir::L7Rules> joined(std::vector<ir::L7Rules> all, const std::vector<ir::L7Rules>& more) {
  all.insert(all.end(), more.begin(), more.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// Which way requests of each kind are answered otherwise.
struct Ways {
  bool lost = false, won = false;  // passes before alone; after alone
};
using Answers = std::map<RequestKind, Ways>;

class Search {
 public:
  Search(const TwoSets& sets, const VerifyLimits& limits, std::size_t most)
      : space_(sets.before.space()), a_(sets.before), b_(sets.after), limits_(limits), most_(most), own_(sets.own), samples_(space_.cluster(), limits.pieces) {}

  RequestsDiff run() {
    for (const Direction side : {Direction::Ingress, Direction::Egress})
      for (const ConnectionBox& piece : pieces(side)) {
        Cuts cuts;
        add_cuts(a_, false, piece, side, cuts);
        add_cuts(b_, true, piece, side, cuts);
        refine({piece, {}}, cuts.begin(), cuts.end(), [&](const Leaf& leaf) { return look(leaf, side), true; });
      }
    if (!samples_.why().empty()) give_up(samples_.why());
    out_.splits_unknown = out_.why;
    return std::move(out_);
  }

 private:
  /// Own rules of one set that select a pod which some rule about requests selects.
  std::vector<RuleId> near(const RuleSpace& rules, const std::vector<RuleId>& own, const std::set<EndBox>& subjects, Direction side) const {
    std::set<RuleId> found;
    for (const EndBox& subject : subjects)
      for (const RuleId id : rules.selecting(subject, side))
        if (std::binary_search(own.begin(), own.end(), id)) found.insert(id);
    return {found.begin(), found.end()};
  }

  /// What may differ and is taken by some rule about requests.
  Boxes pieces(Direction side) const {
    Boxes looked_into, out;
    std::set<EndBox> subjects;
    for (const RuleSpace* rules : {&a_, &b_})
      for (std::uint32_t i = 0; i < rules->policies().rules.size(); ++i)
        if (rules->policies().rules[i].l7 && rules->policies().rules[i].direction == side)
          for (ConnectionBox& box : rules->boxes(RuleId{i})) {
            subjects.insert(subject_of(box, side));
            looked_into.push_back(std::move(box));
          }
    // What other own rules do happens to other pods.
    const OwnRules own{near(a_, own_.before, subjects, side), near(b_, own_.after, subjects, side)};
    for (const ConnectionBox& box : differing(a_, b_, own, side)) {
      Boxes of_box;  // those of another box are apart anyway
      for (const ConnectionBox& one : looked_into)
        if (auto both = space_.intersect(box, one)) add_apart(space_, of_box, {std::move(*both)});
      std::move(of_box.begin(), of_box.end(), std::back_inserter(out));
    }
    return out;
  }

  void give_up(std::string why) {
    out_.complete = false;
    if (out_.why.empty()) out_.why = std::move(why);
  }

  /// `visit` says whether to go on.
  bool refine(Leaf leaf, Cuts::const_iterator from, Cuts::const_iterator end, const std::function<bool(const Leaf&)>& visit) {
    if (++taken_ > limits_.pieces || asked_ > 25 * limits_.pieces)
      return give_up("too many rules meet rules about requests to compare all requests"), false;
    for (auto cut = from; cut != end; ++cut) {
      if (!space_.overlaps(leaf.box, cut->first)) continue;
      auto common = space_.intersect(leaf.box, cut->first);
      if (!common) continue;
      for (ConnectionBox& rest : space_.subtract(leaf.box, cut->first))
        if (!refine({std::move(rest), leaf.signature}, std::next(cut), end, visit)) return false;
      leaf.box = std::move(*common);
      leaf.signature.insert(leaf.signature.end(), cut->second.begin(), cut->second.end());
    }
    return visit(leaf);
  }

  /// The rules about requests that take the connection.
  static std::vector<ir::L7Rules> rules_about(const RuleSpace& rules, const ConnectionBox& box, Direction side) {
    std::vector<ir::L7Rules> all;
    for (const RuleId id : rules.selecting(subject_of(box, side), side))
      if (rules.policies().rule(id).l7 && !rules.part(id, box).empty()) all.push_back(*rules.policies().rule(id).l7);
    return joined(std::move(all), {});
  }

  void look(const Leaf& leaf, Direction side) {
    const std::vector<ir::L7Rules> rules = joined(rules_about(a_, leaf.box, side), rules_about(b_, leaf.box, side));
    if (rules.empty()) return;
    Signature key = leaf.signature;
    std::sort(key.begin(), key.end());
    key.push_back({side == Direction::Egress, RuleId{leaf.box.source.kind}, leaf.box.destination.kind});
    const auto [at, fresh] = answers_.try_emplace(std::move(key));
    if (fresh) at->second = answers(leaf.box, side, rules);
    for (auto& [kind, ways] : at->second) {
      const RequestSplit split{leaf.box, side, kind, rules};
      // One example is enough for all that is answered by the same rules.
      ways.lost = ways.lost && !look_across(split, a_, b_);
      ways.won = ways.won && !look_across(split, b_, a_);
      out_.splits.push_back(split);
    }
  }

  Answers answers(const ConnectionBox& box, Direction side, const std::vector<ir::L7Rules>& rules) {
    Answers out;
    auto point = witness(space_, box);
    const Few a(a_, box, side), b(b_, box, side);
    if (!point || a.answer(point->flow) == Verdict::Denied || b.answer(point->flow) == Verdict::Denied) return out;
    for (const RequestKind kind : kRequestKinds)
      for (const ir::L7Request& request : samples_.of(rules, kind)) {
        point->flow.request = request;
        ++asked_;
        const Verdict before = a.answer(point->flow), after = b.answer(point->flow);
        if (before == Verdict::Unknown && after == Verdict::Unknown) give_up("rules that weir does not simulate decide requests");
        if (before == after) continue;
        (after == Verdict::Denied ? out[kind].lost : out[kind].won) = true;
      }
    return out;
  }

  /// Whether the other side of the set that lets it pass does so for some request and anywhere in the piece.
  bool look_across(const RequestSplit& split, const RuleSpace& allowing, const RuleSpace& refusing) {
    bool found = false;
    const Direction other = split.side == Direction::Ingress ? Direction::Egress : Direction::Ingress;
    Cuts cuts;
    add_cuts(allowing, false, split.where, other, cuts);
    refine({split.where, {}}, cuts.begin(), cuts.end(), [&](const Leaf& part) {
      auto point = witness(space_, part.box);
      const Few across(allowing, part.box, other), here(allowing, part.box, split.side), there(refusing, part.box, split.side);
      if (!point || across.answer(point->flow) == Verdict::Denied) return true;
      for (const ir::L7Request& request : samples_.of(joined(split.rules, rules_about(allowing, part.box, other)), split.kind)) {
        point->flow.request = request;
        ++asked_;
        const Verdict verdict = here.answer(point->flow);
        if (verdict == Verdict::Denied || verdict == there.answer(point->flow) || across.answer(point->flow) == Verdict::Denied) continue;
        found = confirm(*point) || found;
      }
      return !found;
    });
    return found;
  }

  bool confirm(const ConnectionWitness& point) {
    AnyDifference one{point, ir::decide(a_.policies(), space_.cluster(), point.flow), ir::decide(b_.policies(), space_.cluster(), point.flow)};
    if (one.before.verdict == one.after.verdict) return false;
    const auto by = [](const ir::Decision& decision) { return decision.l7 ? decision.l7->decided_by : std::vector<RuleId>{}; };
    // The same rules may refuse one request and let another pass.
    if (!seen_.emplace(one.after.verdict, by(one.before), by(one.after)).second) return true;
    if (out_.found.size() == most_) give_up("there are more than " + std::to_string(most_) + " differences in requests");
    else out_.found.push_back(std::move(one));
    return true;
  }

  const Space& space_;
  const RuleSpace &a_, &b_;
  const VerifyLimits& limits_;
  std::size_t most_;
  const OwnRules& own_;
  RequestSamples samples_;
  std::size_t taken_ = 0, asked_ = 0;
  std::map<Signature, Answers> answers_;
  std::set<std::tuple<Verdict, std::vector<RuleId>, std::vector<RuleId>>> seen_;
  RequestsDiff out_;
};

}  // namespace

RequestsDiff diff_requests(const TwoSets& sets, const VerifyLimits& limits, std::size_t most) {
  const auto looks = [](const ir::PolicySet& policies) {
    return std::any_of(policies.rules.begin(), policies.rules.end(), [](const ir::Rule& rule) { return rule.l7.has_value(); });
  };
  if (!looks(sets.before.policies()) && !looks(sets.after.policies())) return {};
  return Search(sets, limits, most).run();
}

}  // namespace weir::compiler
