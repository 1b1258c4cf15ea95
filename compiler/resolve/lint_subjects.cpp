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
    if (!last || last->subject_is_node != rule.subject_is_node || last->subject != rule.subject) {
      const auto [at, fresh] =
          ids_.try_emplace({rule.subject_is_node, with_sources(rule.subject)}, static_cast<std::uint32_t>(rules_.size()));
      id = at->second;
      if (fresh) {
        rules_.emplace_back();
        keys_.push_back(&at->first);
      }
    }
    last = &rule;
    rules_[id].push_back(i);
  }
  add_pods();
}

void LintSubjects::add_pods() {
  constexpr std::size_t kMost = 4'000'000;  // pairs of pod and subject; beyond that only the text is asked
  std::size_t pairs = 0;
  pods_.resize(keys_.size());
  if (lint_.pods.empty()) return;
  of_pod_.resize(lint_.cluster.pods.size());
  for (std::uint32_t id = 0; id < keys_.size() && pairs <= kMost; ++id) {
    const auto& [on_node, selector] = *keys_[id];
    if (on_node || !PodIndex::about_pods(selector)) continue;
    pods_[id] = lint_.pods.all(selector);
    pairs += pods_[id].size();
    for (const std::uint32_t pod : pods_[id]) of_pod_[pod].push_back(id);
  }
  if (pairs > kMost) of_pod_.clear();
}

/// The subjects whose requirements are among those of this one; a subject may also ask for any namespace where this one
/// asks for some.
LintSubjects::Ids LintSubjects::by_text(std::uint32_t subject) const {
  constexpr std::size_t kMost = 6;  // requirements; a longer subject is only compared with itself
  const auto& [on_node, selector] = *keys_[subject];
  std::vector<ir::Requirement> all = selector.requirements;
  if (all.size() > kMost) return {subject};
  for (const ir::Requirement& r : selector.requirements)
    if (r.key == ir::kNamespaceKey && r.op == ir::Operator::In) all.push_back(ir::exists(r.source, r.key));
  Ids found;
  for (unsigned mask = 0; mask < (1u << all.size()); ++mask) {
    Key key{on_node, {}};
    for (std::size_t i = 0; i < all.size(); ++i)
      if (mask & (1u << i)) key.second.add(all[i]);
    if (const auto at = ids_.find(key); at != ids_.end()) found.push_back(at->second);
  }
  std::sort(found.begin(), found.end());
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
