#include "ir/flow/rule_ref.h"

namespace weir::ir {

std::string_view to_text(Direction direction) { return direction == Direction::Ingress ? "ingress" : "egress"; }

std::string_view to_text(Action action) {
  switch (action) {
    case Action::Allow: return "allow";
    case Action::Deny: return "deny";
    case Action::Pass: return "pass";
  }
  return "allow";
}

std::string to_text(const RuleRef& rule) {
  std::string text = rule.kind == "Default" ? rule.name : rule.kind + " ";
  if (rule.kind != "Default") {
    if (!rule.namespace_name.empty()) text += rule.namespace_name + "/";
    text += rule.name + " " + std::string(to_text(rule.direction));
    if (rule.action == Action::Deny) text += "Deny";
    text += "[" + std::to_string(rule.index) + "]";
  }
  if (rule.file.empty()) return text;
  text += " (" + rule.file;
  if (rule.line != 0) text += ":" + std::to_string(rule.line) + ":" + std::to_string(rule.column);
  return text + ")";
}

}  // namespace weir::ir
