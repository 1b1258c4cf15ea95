#include "compiler/resolve/lint_subjects.h"

#include <algorithm>

namespace weir::compiler {
namespace {

// No pod has labels under any source but k8s (policy.md 1.2).
ir::Selector with_sources(ir::Selector selector) {
  for (ir::Requirement& r : selector.requirements)
    if (r.source == "any") r.source = "k8s";
  std::sort(selector.requirements.begin(), selector.requirements.end());
  return selector;
}

}  // namespace

LintSubjects::LintSubjects(const Lint& lint) : lint_(lint) {
  const auto& rules = lint.policies.rules;
  const ir::Rule* last = nullptr;
  std::uint32_t id = 0;
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    const ir::Rule& rule = rules[i];
    if (!lint.policies.policies[rule.policy.index].cluster.empty()) continue;
    if (!last || last->subject_is_node != rule.subject_is_node || last->subject != rule.subject) id = number_of(rule);
    last = &rule;
    rules_[id].push_back(i);
  }
  add_pods();
}

std::uint32_t LintSubjects::part(const ir::Requirement& r) {
  const auto found = parts_.find(r);
  if (found != parts_.end()) return found->second;
  ir::Requirement meant = r;
  if (meant.source == "any") meant.source = "k8s";
  const std::uint32_t id = parts_.try_emplace(std::move(meant), static_cast<std::uint32_t>(parts_.size())).first->second;
  return parts_.try_emplace(r, id).first->second;
}

std::uint32_t LintSubjects::number_of(const ir::Rule& rule) {
  Ids parts;
  for (const ir::Requirement& r : rule.subject.requirements) parts.push_back(part(r));
  std::sort(parts.begin(), parts.end());
  const auto [at, fresh] = ids_.try_emplace({rule.subject_is_node, parts}, static_cast<std::uint32_t>(rules_.size()));
  if (fresh) {
    rules_.emplace_back();
    subjects_.push_back({rule.subject_is_node, with_sources(rule.subject), std::move(parts)});
  }
  return at->second;
}

void LintSubjects::add_pods() {
  constexpr std::size_t kMost = 4'000'000;  // pairs of pod and subject; beyond that only the text is asked
  std::size_t pairs = 0;
  pods_.resize(subjects_.size());
  if (lint_.pods.empty()) return;
  of_pod_.resize(lint_.cluster.pods.size());
  for (std::uint32_t id = 0; id < subjects_.size() && pairs <= kMost; ++id) {
    const Subject& subject = subjects_[id];
    if (subject.on_node || !PodIndex::about_pods(subject.selector)) continue;
    pods_[id] = lint_.pods.all(subject.selector);
    pairs += pods_[id].size();
    for (const std::uint32_t pod : pods_[id]) of_pod_[pod].push_back(id);
  }
  if (pairs > kMost) of_pod_.clear();
}

/// The subjects whose requirements are among those of this one; a subject may also ask for any namespace where this one
/// asks for some.
LintSubjects::Ids LintSubjects::by_text(std::uint32_t subject) const {
  constexpr std::size_t kMost = 6;  // requirements; a longer subject is only compared with itself
  const Subject& narrow = subjects_[subject];
  Ids all = narrow.parts;
  if (all.size() > kMost) return {subject};
  for (const ir::Requirement& r : narrow.selector.requirements)
    if (r.key == ir::kNamespaceKey && r.op == ir::Operator::In)
      if (const auto any = parts_.find(ir::exists(r.source, r.key)); any != parts_.end()) all.push_back(any->second);
  std::sort(all.begin(), all.end());
  Ids found;
  std::pair<bool, Ids> key{narrow.on_node, {}};
  for (unsigned mask = 0; mask < (1u << all.size()); ++mask) {
    key.second.clear();
    for (std::size_t i = 0; i < all.size(); ++i)
      if (mask & (1u << i)) key.second.push_back(all[i]);
    if (const auto at = ids_.find(key); at != ids_.end()) found.push_back(at->second);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void LintSubjects::add_by_pods(std::uint32_t subject, Ids& found) const {
  const PodIndex::Pods& pods = pods_[subject];
  if (pods.empty() || of_pod_.empty()) return;
  Ids common = of_pod_[pods.front()], next;
  for (std::size_t i = 1; i < pods.size() && common.size() > 1; ++i) {
    const Ids& more = of_pod_[pods[i]];
    if (more == common) continue;
    next.clear();
    std::set_intersection(common.begin(), common.end(), more.begin(), more.end(), std::back_inserter(next));
    common.swap(next);
  }
  next.clear();
  std::set_union(found.begin(), found.end(), common.begin(), common.end(), std::back_inserter(next));
  found.swap(next);
}

const LintSubjects::Ids& LintSubjects::covering(std::uint32_t subject) {
  const auto [at, fresh] = known_.try_emplace(subject);
  if (!fresh) return at->second;
  at->second = by_text(subject);
  add_by_pods(subject, at->second);
  return at->second;
}

}  // namespace weir::compiler
