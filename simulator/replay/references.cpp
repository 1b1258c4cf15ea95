#include "simulator/replay/references.h"

namespace weir::simulator {

std::vector<ir::RuleRef> deciding_rules(const ir::PolicySet& policies, const ir::Files& files,
                                        const ir::SideDecision& side, ir::Direction direction) {
  std::vector<ir::RuleRef> rules;
  for (const ir::RuleId id : side.decided_by) rules.push_back(ir::rule_ref(policies, files, id));
  if (side.default_rule == ir::DefaultRule::None) return rules;
  ir::RuleRef reference;
  if (!rules.empty()) reference = rules.front();
  reference.kind = "Default";
  reference.namespace_name.clear();
  reference.name = std::string(ir::to_text(side.default_rule));
  reference.direction = direction;
  reference.index = 0;
  reference.action = side.verdict == ir::Verdict::Denied ? ir::Action::Deny : ir::Action::Allow;
  return {reference};
}

}  // namespace weir::simulator
