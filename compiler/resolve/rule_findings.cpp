// Tested by tests/unit/compiler/resolve/recheck_test.cpp and rule_findings_test.cpp against whole runs.

#include "compiler/resolve/rule_findings.h"

#include <algorithm>
#include <utility>

namespace weir::compiler {
namespace {

/// The namespaces that all pods of the subject are in; null: of any. A node is in none.
const std::vector<std::string>* spaces_of(const ir::Rule& rule) {
  if (rule.subject_is_node) return nullptr;
  for (const ir::Requirement& r : rule.subject.requirements)
    if (r.op == ir::Operator::In && r.key == ir::kNamespaceKey && (r.source == "k8s" || r.source == "any")) return &r.values;
  return nullptr;
}

bool asks_dns(const ir::Rule& rule) {
  return rule.ports && std::any_of(rule.ports->begin(), rule.ports->end(), [](const ir::PortMatch& match) {
    return !match.ports.all() && match.ports.contains(53) &&
           (match.protocol == ir::Protocol::Udp || match.protocol == ir::Protocol::Tcp);
  });
}

/// Whether some lint may report this rule.
bool may_be_reported(const ir::Rule& rule) {
  if (rule.action == ir::Action::Deny || rule.l7) return true;
  if (rule.action != ir::Action::Allow || rule.direction == ir::Direction::Ingress) return false;
  return !(rule.peers && rule.peers->empty()) && !asks_dns(rule);
}

/// The policies for which `keep` holds, and their rules in the same order.
template <class Keep>
ir::PolicySet part_of(const ir::PolicySet& all, Keep keep) {
  ir::PolicySet out;
  std::vector<std::optional<ir::PolicyId>> ids(all.policies.size());
  for (std::uint32_t i = 0; i < all.policies.size(); ++i) {
    if (!keep(i)) continue;
    ids[i] = ir::PolicyId{static_cast<std::uint32_t>(out.policies.size())};
    out.policies.push_back(all.policies[i]);
  }
  for (const ir::Rule& rule : all.rules)
    if (const auto id = ids[rule.policy.index]) {
      out.rules.push_back(rule);
      out.rules.back().policy = *id;
    }
  return out;
}

}  // namespace

void RuleFindings::Scope::add(const ir::Rule& rule) {
  const auto* found = spaces_of(rule);
  if (found == nullptr) {
    wide = true;
    reported = reported || may_be_reported(rule);
    return;
  }
  for (const std::string& space : *found)
    if (std::find(spaces.begin(), spaces.end(), space) == spaces.end()) spaces.push_back(space);
}

bool RuleFindings::Scope::meets(const Spaces& some) const {
  return std::any_of(spaces.begin(), spaces.end(), [&](const std::string& space) { return some.contains(space); });
}

RuleFindings::RuleFindings(const Lint& lint) : lint_(lint) { look_at_all(); }

void RuleFindings::look_at_all() {
  findings_ = {};
  lint_rules(Lint(lint_, lint_.policies, findings_));
  scopes_.assign(lint_.policies.policies.size(), {});
  // The lints leave out the policies of other clusters.
  for (const ir::Rule& rule : lint_.policies.rules)
    if (lint_.policies.policies[rule.policy.index].cluster.empty()) scopes_[rule.policy.index].add(rule);
}

void RuleFindings::before_edit(std::optional<ir::PolicyId> policy) {
  places_before_.clear();
  for (const ir::Rule& rule : lint_.policies.rules)
    if (policy && rule.policy == *policy) places_before_.insert(rule.origin);
}

void RuleFindings::after_edit(std::optional<ir::PolicyId> policy) {
  if (!policy || scopes_.size() != lint_.policies.policies.size()) return look_at_all();
  Scope now;
  for (const ir::Rule& rule : lint_.policies.rules)
    if (rule.policy == *policy) now.add(rule);
  const Scope before = std::exchange(scopes_[policy->index], std::move(now));
  const Scope& after = scopes_[policy->index];
  const bool anywhere = std::any_of(scopes_.begin(), scopes_.end(), [](const Scope& scope) { return scope.reported; });
  if (before.wide || after.wide || anywhere) return look_at_all();
  Spaces spaces(before.spaces.begin(), before.spaces.end());
  spaces.insert(after.spaces.begin(), after.spaces.end());
  look_at_some(spaces);
}

void RuleFindings::look_at_some(const Spaces& spaces) {
  const ir::PolicySet& all = lint_.policies;
  // The findings of `changed` may differ; whatever shares a namespace with one of those has a say in them.
  std::vector<bool> changed(scopes_.size());
  Spaces around = spaces;
  for (std::size_t i = 0; i < scopes_.size(); ++i)
    if ((changed[i] = scopes_[i].meets(spaces))) around.insert(scopes_[i].spaces.begin(), scopes_[i].spaces.end());
  const ir::PolicySet some = part_of(all, [&](std::uint32_t i) {
    return scopes_[i].wide || scopes_[i].meets(around) || (all.policies[i].namespace_name.empty() && all.policies[i].cluster.empty());
  });
  std::set<ir::Span> places = std::move(places_before_);
  for (const ir::Rule& rule : all.rules)
    if (changed[rule.policy.index]) places.insert(rule.origin);
  std::erase_if(findings_.list(), [&](const ir::Diagnostic& one) { return places.contains(one.primary); });
  ir::Diagnostics found;
  lint_rules(Lint(lint_, some, found));
  for (ir::Diagnostic& one : found.list())
    if (places.contains(one.primary)) findings_.report(std::move(one));
}

}  // namespace weir::compiler
