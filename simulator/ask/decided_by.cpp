#include "simulator/ask/decided_by.h"

namespace weir::simulator {
namespace {

std::vector<ir::RuleRef> references(const ir::PolicySet& policies, const ir::Files& files,
                                    const std::vector<ir::RuleId>& ids) {
  std::vector<ir::RuleRef> out;
  for (const ir::RuleId id : ids) out.push_back(ir::rule_ref(policies, files, id));
  return out;
}

}  // namespace

std::vector<ir::RuleRef> decided_by(const ir::PolicySet& policies, const ir::Files& files, const ir::SideDecision& side,
                                    ir::Direction direction) {
  if (side.default_rule == ir::DefaultRule::None) return references(policies, files, side.decided_by);
  ir::RuleRef reference;
  reference.kind = "Default";
  reference.name = std::string(ir::to_text(side.default_rule));
  reference.direction = direction;
  reference.action = side.verdict == ir::Verdict::Denied ? ir::Action::Deny : ir::Action::Allow;
  if (!side.decided_by.empty()) {
    const ir::RuleRef place = ir::rule_ref(policies, files, side.decided_by.front());
    reference.file = place.file;
    reference.line = place.line;
    reference.column = place.column;
  }
  return {reference};
}

std::vector<ir::RuleRef> isolated_by(const ir::PolicySet& policies, const ir::Files& files,
                                     const ir::SideDecision& side) {
  if (side.default_rule != ir::DefaultRule::DefaultDeny) return {};
  return references(policies, files, side.decided_by);
}

}  // namespace weir::simulator
