#include "compiler/verify/rule_space.h"

#include <algorithm>

namespace weir::compiler {
namespace {

using ir::RuleId;

/// The side whose policy holds the rule is the subject (policy.md 4.4).
ConnectionBox connection(ir::Direction direction, const EndBox& subject, const EndBox& peer, const ir::PortSet& ports) {
  if (direction == ir::Direction::Egress) return {subject, peer, ports};
  return {peer, subject, ports};
}

RuleRegion region_of(const Space& space, const ir::Rule& rule) {
  RuleRegion region;
  // policy.md 2.5: a rule for nodes never applies to pods.
  if (!rule.subject_is_node) region.subject = space.pods_of(rule.subject);
  region.peers = space.peers_of(rule, Reading::May);
  region.sure = space.peers_of(rule, Reading::Sure);
  region.ports = ir::ports_of(rule.ports);
  for (const EndBox& peer : region.peers) region.kinds |= 1u << peer.kind;
  return region;
}

}  // namespace

RuleSpace::RuleSpace(const Space& space, const ir::PolicySet& policies) : space_(space), policies_(policies) {
  for (const ir::Rule& rule : policies.rules) {
    regions_.push_back(region_of(space, rule));
    const auto& ports = regions_.back().ports.intervals;
    bounds_.push_back(ports.empty() ? PortBounds{} : PortBounds{ports.front().first, ports.back().last});
  }
  std::vector<BoxIndex::Entry> subjects[2], peers[2];
  for (std::uint32_t i = 0; i < regions_.size(); ++i) {
    if (!regions_[i].subject) continue;
    const auto direction = static_cast<std::size_t>(policies.rules[i].direction);
    subjects[direction].emplace_back(RuleId{i}, &*regions_[i].subject);
    for (const EndBox& peer : regions_[i].peers) peers[direction].emplace_back(RuleId{i}, &peer);
  }
  for (const std::size_t direction : {0, 1}) {
    subjects_[direction] = BoxIndex(subjects[direction]);
    peers_[direction] = BoxIndex(peers[direction]);
  }
}

std::vector<RuleId> RuleSpace::selecting(const EndBox& subject, ir::Direction direction) const {
  std::vector<RuleId> found;
  if (subject.kind != 0) return found;
  subjects_[static_cast<std::size_t>(direction)].candidates(subject, found);
  std::erase_if(found, [&](RuleId id) { return !ir::overlaps(regions_[id.index].subject->labels, subject.labels); });
  std::sort(found.begin(), found.end());
  return found;
}

bool RuleSpace::meet(const RuleRegion& a, const RuleRegion& b) const {
  // The cheapest question first: most pairs differ in ports or kinds.
  if ((a.kinds & b.kinds) == 0 || b.empty() || !a.ports.overlaps(b.ports)) return false;
  if (!ir::overlaps(a.subject->labels, b.subject->labels)) return false;
  return std::any_of(a.peers.begin(), a.peers.end(), [&](const EndBox& mine) {
    return std::any_of(b.peers.begin(), b.peers.end(), [&](const EndBox& theirs) { return space_.overlaps(mine, theirs); });
  });
}

std::vector<RuleId> RuleSpace::meeting(RuleId id) const {
  const RuleRegion& mine = regions_[id.index];
  std::vector<RuleId> found;
  if (mine.empty()) return found;
  const auto direction = static_cast<std::size_t>(policies_.rule(id).direction);
  std::size_t by_peer = 0;
  for (const EndBox& peer : mine.peers) by_peer += peers_[direction].count(peer);
  if (by_peer < subjects_[direction].count(*mine.subject))
    for (const EndBox& peer : mine.peers) peers_[direction].candidates(peer, found);
  else
    subjects_[direction].candidates(*mine.subject, found);
  const PortBounds ports = bounds_[id.index];
  std::erase_if(found, [&](RuleId other) {
    const PortBounds theirs = bounds_[other.index];
    return theirs.first > ports.last || theirs.last < ports.first || other == id || !meet(mine, regions_[other.index]);
  });
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool RuleSpace::inside(RuleId inner, RuleId outer) const {
  const RuleRegion &a = regions_[inner.index], &b = regions_[outer.index];
  if (a.empty() || b.empty() || !space_.inside(*a.subject, *b.subject) || !a.ports.inside(b.ports)) return false;
  return std::all_of(a.peers.begin(), a.peers.end(), [&](const EndBox& mine) {
    return std::any_of(b.sure.begin(), b.sure.end(), [&](const EndBox& theirs) { return space_.inside(mine, theirs); });
  });
}

std::vector<ConnectionBox> RuleSpace::boxes(RuleId id, Reading reading) const {
  std::vector<ConnectionBox> boxes;
  const RuleRegion& rule = regions_[id.index];
  if (rule.empty()) return boxes;
  for (const EndBox& peer : reading == Reading::May ? rule.peers : rule.sure)
    boxes.push_back(connection(policies_.rule(id).direction, *rule.subject, peer, rule.ports));
  return boxes;
}

std::vector<ConnectionBox> RuleSpace::part(RuleId id, const ConnectionBox& piece, Reading reading) const {
  std::vector<ConnectionBox> parts;
  for (const ConnectionBox& box : boxes(id, reading))
    if (auto common = space_.intersect(piece, box)) parts.push_back(std::move(*common));
  return parts;
}

std::vector<ConnectionBox> RuleSpace::without(RuleId id, const ConnectionBox& piece) const {
  std::vector<ConnectionBox> rest = {piece};
  for (const ConnectionBox& box : boxes(id, Reading::Sure)) {
    std::vector<ConnectionBox> next;
    for (const ConnectionBox& part : rest)
      for (ConnectionBox& left : space_.subtract(part, box)) next.push_back(std::move(left));
    rest = std::move(next);
  }
  return rest;
}

std::vector<ConnectionBox> RuleSpace::unselected(RuleId id, const ConnectionBox& piece) const {
  const bool egress = policies_.rule(id).direction == ir::Direction::Egress;
  if (!regions_[id.index].subject) return {piece};
  std::vector<ConnectionBox> rest;
  for (EndBox& subject : space_.subtract(egress ? piece.source : piece.destination, *regions_[id.index].subject)) {
    rest.push_back(piece);
    (egress ? rest.back().source : rest.back().destination) = std::move(subject);
  }
  return rest;
}

}  // namespace weir::compiler
