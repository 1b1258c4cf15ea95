#include "ir/flow/decided_by.h"

#include <algorithm>

namespace weir::ir {
namespace {

/// One element of a policy may be several rules; a person wrote it once.
std::vector<RuleRef> references(const PolicySet& policies, const Files& files,
                                    const std::vector<RuleId>& ids) {
  std::vector<RuleRef> out;
  for (const RuleId id : ids) {
    RuleRef reference = rule_ref(policies, files, id);
    if (std::find(out.begin(), out.end(), reference) == out.end()) out.push_back(std::move(reference));
  }
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

std::vector<RuleRef> decided_by(const PolicySet& policies, const Files& files, const L7Decision& l7) {
  return references(policies, files, l7.decided_by);
}

std::vector<RuleRef> isolated_by(const PolicySet& policies, const Files& files,
                                     const SideDecision& side) {
  if (side.default_rule != DefaultRule::DefaultDeny) return {};
  return references(policies, files, side.decided_by);
}

}  // namespace weir::ir
