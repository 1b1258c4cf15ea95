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
  region.peers = space.peers_of(rule);
  region.ports = ir::ports_of(rule.ports);
  return region;
}

/// The key besides the namespace that most of these subjects pin; the first by name among equals.
std::string splitting_key(const std::vector<const ir::LabelBox*>& boxes) {
  std::map<std::string, std::size_t> uses;
  for (const ir::LabelBox* box : boxes)
    for (const auto& [key, set] : box->keys)
      if (key != ir::kNamespaceKey && set.only()) ++uses[key];
  std::string best;
  for (const auto& [key, count] : uses)
    if (best.empty() || count > uses[best]) best = key;
  return best;
}

}  // namespace

std::optional<std::string_view> pinned(const ir::LabelBox& box, std::string_view key) {
  const ir::ValueSet* set = box.find(key);
  return set ? set->only() : std::nullopt;
}

RuleSpace::RuleSpace(const Space& space, const ir::PolicySet& policies) : space_(space), policies_(policies) {
  std::vector<RuleId> ids[2];
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i) {
    const ir::Rule& rule = policies.rules[i];
    regions_.push_back(region_of(space, rule));
    if (regions_.back().subject) ids[static_cast<int>(rule.direction)].push_back(RuleId{i});
  }
  for (const auto direction : {ir::Direction::Ingress, ir::Direction::Egress})
    file(direction, ids[static_cast<int>(direction)]);
}

void RuleSpace::file(ir::Direction direction, const std::vector<RuleId>& ids) {
  std::map<std::string, std::vector<RuleId>> by_namespace;
  for (const RuleId id : ids)
    by_namespace[std::string(pinned(regions_[id.index].subject->labels, ir::kNamespaceKey).value_or(""))].push_back(id);
  for (const auto& [name, members] : by_namespace) {
    std::vector<const ir::LabelBox*> boxes;
    for (const RuleId id : members) boxes.push_back(&regions_[id.index].subject->labels);
    Shelf shelf;
    shelf.key = splitting_key(boxes);
    for (const RuleId id : members) {
      const auto value = pinned(regions_[id.index].subject->labels, shelf.key);
      (value ? shelf.by_value[std::string(*value)] : shelf.loose).push_back(id);
    }
    shelves_[static_cast<int>(direction)].emplace(name, std::move(shelf));
  }
}

void RuleSpace::collect(const Shelf& shelf, const ir::LabelBox& box, std::vector<RuleId>& into) {
  into.insert(into.end(), shelf.loose.begin(), shelf.loose.end());
  const auto value = pinned(box, shelf.key);
  for (auto at = value ? shelf.by_value.find(*value) : shelf.by_value.begin(); at != shelf.by_value.end(); ++at) {
    into.insert(into.end(), at->second.begin(), at->second.end());
    if (value) break;
  }
}

std::vector<RuleId> RuleSpace::selecting(const EndBox& subject, ir::Direction direction) const {
  std::vector<RuleId> found;
  if (subject.kind != 0) return found;
  const Shelves& shelves = shelves_[static_cast<int>(direction)];
  const auto name = pinned(subject.labels, ir::kNamespaceKey);
  for (const auto& [shelf_name, shelf] : shelves)
    if (!name || shelf_name.empty()) collect(shelf, subject.labels, found);
  if (const auto at = shelves.find(name.value_or("")); name && at != shelves.end())
    collect(at->second, subject.labels, found);
  std::erase_if(found, [&](RuleId id) { return !ir::overlaps(regions_[id.index].subject->labels, subject.labels); });
  std::sort(found.begin(), found.end());
  return found;
}

bool RuleSpace::meet(const RuleRegion& a, const RuleRegion& b) const {
  if (!a.ports.overlaps(b.ports)) return false;
  return std::any_of(a.peers.begin(), a.peers.end(), [&](const EndBox& mine) {
    return std::any_of(b.peers.begin(), b.peers.end(), [&](const EndBox& theirs) { return space_.overlaps(mine, theirs); });
  });
}

std::vector<RuleId> RuleSpace::meeting(RuleId id) const {
  const RuleRegion& mine = regions_[id.index];
  if (mine.empty()) return {};
  std::vector<RuleId> found = selecting(*mine.subject, policies_.rule(id).direction);
  std::erase_if(found, [&](RuleId other) { return other == id || !meet(mine, regions_[other.index]); });
  return found;
}

bool RuleSpace::inside(RuleId inner, RuleId outer) const {
  const RuleRegion &a = regions_[inner.index], &b = regions_[outer.index];
  if (a.empty() || b.empty() || !space_.inside(*a.subject, *b.subject) || !a.ports.inside(b.ports)) return false;
  return std::all_of(a.peers.begin(), a.peers.end(), [&](const EndBox& mine) {
    return std::any_of(b.peers.begin(), b.peers.end(), [&](const EndBox& theirs) { return space_.inside(mine, theirs); });
  });
}

std::vector<ConnectionBox> RuleSpace::boxes(RuleId id) const {
  std::vector<ConnectionBox> boxes;
  const RuleRegion& rule = regions_[id.index];
  if (rule.empty()) return boxes;
  for (const EndBox& peer : rule.peers)
    boxes.push_back(connection(policies_.rule(id).direction, *rule.subject, peer, rule.ports));
  return boxes;
}

std::vector<ConnectionBox> RuleSpace::part(RuleId id, const ConnectionBox& piece) const {
  std::vector<ConnectionBox> parts;
  for (const ConnectionBox& box : boxes(id))
    if (auto common = space_.intersect(piece, box)) parts.push_back(std::move(*common));
  return parts;
}

std::vector<ConnectionBox> RuleSpace::without(RuleId id, const ConnectionBox& piece) const {
  std::vector<ConnectionBox> rest = {piece};
  for (const ConnectionBox& box : boxes(id)) {
    std::vector<ConnectionBox> next;
    for (const ConnectionBox& part : rest)
      for (ConnectionBox& left : space_.subtract(part, box)) next.push_back(std::move(left));
    rest = std::move(next);
  }
  return rest;
}

}  // namespace weir::compiler
