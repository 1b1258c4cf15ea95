#include "compiler/verify/few_rules.h"

#include <algorithm>

#include "ir/eval/eval.h"

namespace weir::compiler {

namespace {

/// The one namespace that a subject asks for; null when it asks for none or several.
const std::string* namespace_of(const ir::Selector& subject) {
  for (const ir::Requirement& one : subject.requirements)
    if (one.source == "k8s" && one.key == ir::kNamespaceKey && one.op == ir::Operator::In && one.values.size() == 1) return &one.values.front();
  return nullptr;
}

}  // namespace

FewRules::FewRules(const ir::PolicySet& policies, const ir::Cluster& cluster) : policies_(policies), cluster_(cluster) {
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i) {
    const ir::Rule& rule = policies.rules[i];
    const std::string* name = rule.subject_is_node ? nullptr : namespace_of(rule.subject);
    (name == nullptr ? elsewhere_ : of_namespace_[*name]).push_back(ir::RuleId{i});
  }
}

const std::vector<ir::RuleId>& FewRules::selecting(const ir::Endpoint& end) {
  const auto [at, added] = known_.try_emplace({end.labels, end.host_labels});
  if (!added) return at->second;
  const auto add = [&](const std::vector<ir::RuleId>& ids) {
    for (const ir::RuleId id : ids) {
      const ir::Rule& rule = policies_.rule(id);
      if (matches(rule.subject, rule.subject_is_node ? end.host_labels : end.labels)) at->second.push_back(id);
    }
  };
  add(elsewhere_);
  const ir::Label* name = end.labels.find("k8s", ir::kNamespaceKey);
  const auto own = name == nullptr ? of_namespace_.end() : of_namespace_.find(name->value);
  if (own != of_namespace_.end()) add(own->second);
  return at->second;
}

ir::Decision FewRules::decide(const ir::Flow& flow) {
  std::vector<ir::RuleId> ids = selecting(flow.source);
  const std::vector<ir::RuleId>& more = selecting(flow.destination);
  ids.insert(ids.end(), more.begin(), more.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  ir::PolicySet few;  // nobody asks whose they are
  for (const ir::RuleId id : ids) few.rules.push_back(policies_.rule(id));
  ir::Decision decision = ir::decide(few, cluster_, flow);
  for (ir::SideDecision* side : {&decision.egress, &decision.ingress})
    for (ir::RuleId& id : side->decided_by) id = ids[id.index];
  if (decision.l7)
    for (ir::RuleId& id : decision.l7->decided_by) id = ids[id.index];
  return decision;
}

}  // namespace weir::compiler
