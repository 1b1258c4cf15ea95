#include "cli/report/rule_json.h"

#include <nlohmann/json.hpp>

namespace weir::cli {

nlohmann::ordered_json rule_json(const ir::RuleRef& rule) {
  nlohmann::ordered_json out;
  out["kind"] = rule.kind;
  if (!rule.namespace_name.empty()) out["namespace"] = rule.namespace_name;
  out["name"] = rule.name;
  out["direction"] = ir::to_text(rule.direction);
  if (rule.kind != "Default") out["index"] = rule.index;
  out["action"] = ir::to_text(rule.action);
  if (rule.file.empty()) return out;
  out["file"] = rule.file;
  if (rule.line == 0) return out;
  out["line"] = rule.line;
  out["column"] = rule.column;
  return out;
}

nlohmann::ordered_json rules_json(const std::vector<ir::RuleRef>& rules) {
  auto out = nlohmann::ordered_json::array();
  for (const ir::RuleRef& rule : rules) out.push_back(rule_json(rule));
  return out;
}

nlohmann::ordered_json head_json(const char* kind) {
  nlohmann::ordered_json out;
  out["apiVersion"] = "weir.dev/v1alpha1";
  out["kind"] = kind;
  return out;
}

}  // namespace weir::cli
