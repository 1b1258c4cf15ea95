// Connections that only an own rule can tell apart and that some rule about requests takes are cut until all of one piece are
// taken by the same peers and ports of the same rules; requests are cut until no rule of the piece tells them apart. Then one
// request on one connection of each piece is asked of the evaluator. Tested by tests/unit/compiler/verify/request_diff_test.cpp.
#include "compiler/verify/request_diff.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "compiler/verify/differing.h"
#include "compiler/verify/request_patterns.h"
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
  ir::PolicySet policies;

  Few(const RuleSpace& rules, const EndBox& subject, Direction direction) {
    for (const RuleId id : rules.selecting(subject, direction)) policies.rules.push_back(rules.policies().rule(id));
  }
};

/// Where a piece is cut so that a rule is matched by the same of its peers and ports throughout (policy.md 3.13, 5.3, 6.4).
void add_cuts(const RuleSpace& rules, const ConnectionBox& piece, Direction side, std::set<ConnectionBox>& cuts) {
  for (const RuleId id : rules.selecting(subject_of(piece, side), side)) {
    const ir::Rule& rule = rules.policies().rule(id);
    const RuleRegion& region = rules.region(id);
    cuts.insert(with_subject(piece, side, *region.subject));
    for (const EndBox& peer : region.peers) {
      const auto box = [&](ir::PortSet ports) {
        return side == Direction::Egress ? ConnectionBox{*region.subject, peer, std::move(ports)} : ConnectionBox{peer, *region.subject, std::move(ports)};
      };
      if (!rule.ports) cuts.insert(box(ir::every_port()));
      else
        for (const ir::PortMatch& match : *rule.ports) cuts.insert(box(ir::ports_of(std::vector{match})));
    }
  }
}

class Search {
 public:
  Search(const Space& space, const ir::PolicySet& before, const ir::PolicySet& after, const VerifyLimits& limits, std::size_t most)
      : space_(space), a_(space, before), b_(space, after), limits_(limits), most_(most), own_(own_rules(before, after)) {}

  RequestsDiff run() {
    for (const Direction side : {Direction::Ingress, Direction::Egress})
      for (const ConnectionBox& piece : pieces(side)) {
        std::set<ConnectionBox> cuts;
        add_cuts(a_, piece, side, cuts);
        add_cuts(b_, piece, side, cuts);
        refine(piece, {cuts.begin(), cuts.end()}, 0, [&](const ConnectionBox& leaf) { return look(leaf, side), true; });
      }
    return std::move(out_);
  }

 private:
  /// What may differ and is taken by some rule about requests.
  Boxes pieces(Direction side) const {
    Boxes looked_into, out;
    for (const RuleSpace* rules : {&a_, &b_})
      for (std::uint32_t i = 0; i < rules->policies().rules.size(); ++i)
        if (rules->policies().rules[i].l7 && rules->policies().rules[i].direction == side)
          for (ConnectionBox& box : rules->boxes(RuleId{i})) looked_into.push_back(std::move(box));
    if (looked_into.empty()) return out;
    for (const ConnectionBox& box : differing(a_, b_, own_, side))
      for (const ConnectionBox& one : looked_into)
        if (auto both = space_.intersect(box, one)) add_apart(space_, out, {std::move(*both)});
    return out;
  }

  void give_up(std::string why) {
    out_.complete = false;
    if (out_.why.empty()) out_.why = std::move(why);
  }

  /// Every part of the piece that lies inside or outside each cut as a whole; `visit` says whether to go on.
  bool refine(ConnectionBox piece, const Boxes& cuts, std::size_t from, const std::function<bool(const ConnectionBox&)>& visit) {
    if (++taken_ > limits_.pieces) return give_up("too many rules about requests meet to compare all requests"), false;
    for (std::size_t i = from; i < cuts.size(); ++i) {
      auto common = space_.intersect(piece, cuts[i]);
      if (!common) continue;
      for (ConnectionBox& rest : space_.subtract(piece, cuts[i]))
        if (!refine(std::move(rest), cuts, i + 1, visit)) return false;
      piece = std::move(*common);
    }
    return visit(piece);
  }

  /// The rules about requests that take the connection.
  std::vector<ir::L7Rules> rules_about(const ConnectionBox& leaf, Direction side) const {
    std::set<ir::L7Rules> all;
    for (const RuleSpace* rules : {&a_, &b_})
      for (const RuleId id : rules->selecting(subject_of(leaf, side), side))
        if (rules->policies().rule(id).l7 && !rules->part(id, leaf).empty()) all.insert(*rules->policies().rule(id).l7);
    return {all.begin(), all.end()};
  }

  const std::vector<ir::L7Request>& requests(const std::vector<ir::L7Rules>& rules, RequestKind kind) {
    const auto [at, fresh] = requests_.try_emplace({rules, kind});
    if (!fresh) return at->second;
    std::vector<RequestBox> patterns;
    for (const ir::L7Rules& one : rules) {
      auto boxes = boxes_of(one, kind, space_.cluster());
      if (!boxes) give_up("weir cannot make a set of one of the expressions of rules about requests");
      else std::move(boxes->begin(), boxes->end(), std::back_inserter(patterns));
    }
    const auto atoms = atoms_of(kind, patterns, limits_.pieces);
    if (!atoms) give_up("too many patterns of requests overlap");
    for (const RequestBox& atom : atoms.value_or(patterns)) at->second.push_back(request_of(atom, kind));
    return at->second;
  }

  void look(const ConnectionBox& leaf, Direction side) {
    const std::vector<ir::L7Rules> rules = rules_about(leaf, side);
    auto point = rules.empty() ? std::nullopt : witness(space_, leaf);
    if (!point) return;
    const Few a(a_, subject_of(leaf, side), side), b(b_, subject_of(leaf, side), side);
    const auto passes = [&](const Few& few) { return ir::decide_side(few.policies, space_.cluster(), point->flow, side).verdict == Verdict::Allowed; };
    if (!passes(a) || !passes(b)) return;
    for (const RequestKind kind : kRequestKinds)
      for (const ir::L7Request& request : requests(rules, kind)) compare(leaf, side, *point, request, a, b);
  }

  void compare(const ConnectionBox& leaf, Direction side, ConnectionWitness point, const ir::L7Request& request, const Few& a, const Few& b) {
    point.flow.request = request;
    const auto verdict = [&](const Few& few) {
      const auto answer = ir::decide_request(few.policies, space_.cluster(), point.flow, side);
      return answer ? answer->verdict : Verdict::Allowed;
    };
    const Verdict before = verdict(a), after = verdict(b);
    if (before == Verdict::Unknown && after == Verdict::Unknown) return give_up("rules that weir does not simulate decide requests");
    if (before == after) return;
    out_.splits.push_back({leaf, request});
    look_across(leaf, side, request, after == Verdict::Denied ? a_ : b_);
  }

  /// Whether the other side lets the request pass anywhere in the piece.
  void look_across(const ConnectionBox& leaf, Direction side, const ir::L7Request& request, const RuleSpace& allowing) {
    const Direction other = side == Direction::Ingress ? Direction::Egress : Direction::Ingress;
    std::set<ConnectionBox> cuts;
    add_cuts(allowing, leaf, other, cuts);
    refine(leaf, {cuts.begin(), cuts.end()}, 0, [&](const ConnectionBox& part) {
      auto point = witness(space_, part);
      if (!point) return true;
      point->flow.request = request;
      const Few few(allowing, subject_of(part, other), other);
      if (ir::decide_side(few.policies, space_.cluster(), point->flow, other).verdict != Verdict::Allowed) return true;
      const auto answer = ir::decide_request(few.policies, space_.cluster(), point->flow, other);
      if (answer && answer->verdict != Verdict::Allowed) return true;
      confirm(*point);
      return false;
    });
  }

  void confirm(const ConnectionWitness& point) {
    AnyDifference one{point, ir::decide(a_.policies(), space_.cluster(), point.flow), ir::decide(b_.policies(), space_.cluster(), point.flow)};
    if (one.before.verdict == one.after.verdict) return give_up("the evaluator does not confirm that a request differs");
    const auto by = [](const ir::Decision& decision) { return decision.l7 ? decision.l7->decided_by : std::vector<RuleId>{}; };
    if (!seen_.emplace(by(one.before), by(one.after)).second) return;
    if (out_.found.size() == most_) return give_up("there are more than " + std::to_string(most_) + " differences in requests");
    out_.found.push_back(std::move(one));
  }

  const Space& space_;
  const RuleSpace a_, b_;
  const VerifyLimits& limits_;
  std::size_t most_;
  OwnRules own_;
  std::size_t taken_ = 0;
  std::map<std::pair<std::vector<ir::L7Rules>, RequestKind>, std::vector<ir::L7Request>> requests_;
  std::set<std::pair<std::vector<RuleId>, std::vector<RuleId>>> seen_;
  RequestsDiff out_;
};

}  // namespace

RequestsDiff diff_requests(const Space& space, const ir::PolicySet& before, const ir::PolicySet& after, const VerifyLimits& limits, std::size_t most) {
  const auto looks = [](const ir::PolicySet& policies) {
    return std::any_of(policies.rules.begin(), policies.rules.end(), [](const ir::Rule& rule) { return rule.l7.has_value(); });
  };
  if (!looks(before) && !looks(after)) return {};
  return Search(space, before, after, limits, most).run();
}

}  // namespace weir::compiler
