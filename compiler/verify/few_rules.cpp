#include "compiler/verify/few_rules.h"

#include <algorithm>

#include "ir/eval/eval.h"

namespace weir::compiler {

const std::vector<ir::RuleId>& FewRules::selecting(const ir::Endpoint& end) {
  const auto [at, added] = known_.try_emplace({end.labels, end.host_labels});
  if (!added) return at->second;
  for (std::uint32_t i = 0; i < policies_.rules.size(); ++i) {
    const ir::Rule& rule = policies_.rules[i];
    if (matches(rule.subject, rule.subject_is_node ? end.host_labels : end.labels)) at->second.push_back(ir::RuleId{i});
  }
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
