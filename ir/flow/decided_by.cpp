#include "ir/flow/decided_by.h"

namespace weir::ir {
namespace {

std::vector<RuleRef> references(const PolicySet& policies, const Files& files,
                                    const std::vector<RuleId>& ids) {
  std::vector<RuleRef> out;
  for (const RuleId id : ids) out.push_back(rule_ref(policies, files, id));
  return out;
}

}  // namespace

std::vector<RuleRef> decided_by(const PolicySet& policies, const Files& files, const SideDecision& side,
                                    Direction direction) {
  if (side.default_rule == DefaultRule::None) return references(policies, files, side.decided_by);
  RuleRef reference;
  reference.kind = "Default";
  reference.name = std::string(to_text(side.default_rule));
  reference.direction = direction;
  reference.action = side.verdict == Verdict::Denied ? Action::Deny : Action::Allow;
  if (!side.decided_by.empty()) {
    const RuleRef place = rule_ref(policies, files, side.decided_by.front());
    reference.file = place.file;
    reference.line = place.line;
    reference.column = place.column;
  }
  return {reference};
}

std::vector<RuleRef> isolated_by(const PolicySet& policies, const Files& files,
                                     const SideDecision& side) {
  if (side.default_rule != DefaultRule::DefaultDeny) return {};
  return references(policies, files, side.decided_by);
}

}  // namespace weir::ir
