#include "simulator/replay/fix.h"

#include "simulator/replay/admitting.h"

namespace weir::simulator {

std::string smallest_rule(const Denial& denial, const Actor& peer, std::string_view subject_namespace) {
  if (denial.decision.decided_by.empty()) return {};
  const ir::RuleRef rule = ir::rule_ref(denial.policies, denial.files, denial.decision.decided_by.front());
  const std::string place = rule.file.empty() ? "" : " (" + rule.file + ":" + std::to_string(rule.line) + ")";
  const std::string policy = rule.kind + " " + (rule.namespace_name.empty() ? "" : rule.namespace_name + "/") + rule.name + place;
  if (denial.decision.reason == ir::DropReason::AuthRequired) return "change `authentication.mode` in " + policy;
  if (denial.decision.default_rule != ir::DefaultRule::DefaultDeny) return "narrow or delete the deny in " + policy;
  const bool other_namespace = peer.namespace_name != subject_namespace;
  const Admission ask{.direction = denial.direction, .protocol = denial.protocol, .port = denial.port, .peer = peer.labels,
                      .managed = peer.managed, .other_namespace = other_namespace, .peer_namespace = peer.namespace_name,
                      .peer_cluster = {}, .address = {}};
  const std::string text = admitting_rule(ask, rule.kind);
  return text.empty() ? text : "add to " + policy + ": " + std::string(ir::to_text(denial.direction)) + ": [" + text + "]";
}

}  // namespace weir::simulator
