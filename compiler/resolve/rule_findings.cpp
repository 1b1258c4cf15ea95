// Tested by tests/unit/compiler/resolve/recheck_test.cpp and rule_findings_test.cpp against whole runs.

#include "compiler/resolve/rule_findings.h"

#include <algorithm>
#include <optional>

namespace weir::compiler {
namespace {

using Spaces = std::set<std::string>;

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

/// What the lints see of one policy.
struct Seen {
  std::vector<const std::vector<std::string>*> spaces;  // of its rules
  bool wide = false;      // some rule is for pods of any namespace, or for nodes
  bool reported = false;  // and such a rule may have a finding

  void add(const ir::Rule& rule) {
    if (const auto* found = spaces_of(rule)) {
      if (spaces.empty() || *spaces.back() != *found) spaces.push_back(found);
    } else {
      wide = true;
      reported = reported || may_be_reported(rule);
    }
  }
  [[nodiscard]] bool meets(const Spaces& some) const {
    return std::any_of(spaces.begin(), spaces.end(), [&](const auto* list) {
      return std::any_of(list->begin(), list->end(), [&](const std::string& space) { return some.contains(space); });
    });
  }
  void put_in(Spaces& out) const {
    for (const auto* list : spaces) out.insert(list->begin(), list->end());
  }
};

/// By policy; those of other clusters have none, for the lints leave them out.
std::vector<Seen> scopes_of(const ir::PolicySet& policies) {
  std::vector<Seen> out(policies.policies.size());
  for (const ir::Rule& rule : policies.rules)
    if (policies.policies[rule.policy.index].cluster.empty()) out[rule.policy.index].add(rule);
  return out;
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

RuleFindings::RuleFindings(const Lint& lint) : lint_(lint) { look_at_all(); }

void RuleFindings::look_at_all() {
  findings_ = {};
  lint_rules(Lint(lint_, lint_.policies, findings_));
}

void RuleFindings::before_edit(std::optional<ir::PolicyId> policy) {
  Seen seen;
  places_before_.clear();
  for (const ir::Rule& rule : lint_.policies.rules)
    if (policy && rule.policy == *policy) {
      seen.add(rule);
      places_before_.insert(rule.origin);
    }
  spaces_before_.clear();
  seen.put_in(spaces_before_);
  wide_before_ = seen.wide || !policy;
}

void RuleFindings::after_edit(std::optional<ir::PolicyId> policy) {
  Seen now;
  for (const ir::Rule& rule : lint_.policies.rules)
    if (policy && rule.policy == *policy) now.add(rule);
  if (wide_before_ || now.wide || !policy) return look_at_all();
  Spaces spaces = spaces_before_;
  now.put_in(spaces);
  look_at_some(spaces);
}

void RuleFindings::look_at_some(const Spaces& spaces) {
  const ir::PolicySet& all = lint_.policies;
  const std::vector<Seen> scopes = scopes_of(all);
  if (std::any_of(scopes.begin(), scopes.end(), [](const Seen& seen) { return seen.reported; })) return look_at_all();
  // The findings of `changed` may differ; whatever shares a namespace with one of those has a say in them.
  std::vector<bool> changed(scopes.size());
  Spaces around = spaces;
  for (std::size_t i = 0; i < scopes.size(); ++i)
    if ((changed[i] = scopes[i].meets(spaces))) scopes[i].put_in(around);
  const auto has_a_say = [&](std::uint32_t i) {
    return all.policies[i].cluster.empty() && (scopes[i].wide || all.policies[i].namespace_name.empty() || scopes[i].meets(around));
  };
  const ir::PolicySet some = part_of(all, has_a_say);
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
