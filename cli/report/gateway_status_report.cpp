// Tested by tests/unit/cli/gateway_status_report_test.cpp and tests/corpus/gateway_status_test.cpp.
#include "cli/report/gateway_status_report.h"

#include <nlohmann/json.hpp>

namespace weir::cli {
namespace {

using nlohmann::ordered_json;

ordered_json conditions_json(const std::vector<compiler::Condition>& conditions) {
  ordered_json out = ordered_json::array();
  for (const compiler::Condition& condition : conditions) {
    ordered_json one{{"type", condition.type}, {"status", condition.status}, {"reason", condition.reason}};
    if (!condition.message.empty()) one["message"] = condition.message;
    out.push_back(std::move(one));
  }
  return out;
}

ordered_json parent_json(const compiler::StatusParent& parent) {
  ordered_json out{{"kind", parent.kind}, {"namespace", parent.namespace_name}, {"name", parent.name}};
  if (parent.section_name) out["sectionName"] = *parent.section_name;
  if (parent.port) out["port"] = *parent.port;
  return out;
}

ordered_json object_json(const compiler::ObjectStatus& object) {
  ordered_json out{{"kind", object.kind}};
  if (!object.namespace_name.empty()) out["namespace"] = object.namespace_name;
  out["name"] = object.name;
  if (object.parent) out["parent"] = parent_json(*object.parent);
  out["conditions"] = conditions_json(object.conditions);
  for (const compiler::ListenerStatus& listener : object.listeners)
    out["listeners"].push_back({{"name", listener.name},
                                {"attachedRoutes", listener.attached_routes},
                                {"supportedKinds", listener.supported_kinds},
                                {"conditions", conditions_json(listener.conditions)}});
  if (object.attached_listener_sets) out["attachedListenerSets"] = *object.attached_listener_sets;
  return out;
}

/// Conflicted and its like are good when False, the others when True.
bool is_good(const compiler::Condition& condition) {
  const bool negative = condition.type == "Conflicted" || condition.type == "OverlappingTLSConfig" || condition.type == "PartiallyInvalid" ||
                        condition.type == "InsecureFrontendValidationMode";
  return condition.status == (negative ? "False" : "True");
}

void add_bad(const std::string& who, const std::vector<compiler::Condition>& conditions, std::string& text) {
  for (const compiler::Condition& condition : conditions)
    if (!is_good(condition)) text += who + ": " + condition.type + "=" + condition.status + " " + condition.reason + "\n";
}

}  // namespace

std::string gateway_status_json(const compiler::GatewayStatus& status) {
  ordered_json out = ordered_json::array();
  for (const compiler::ObjectStatus& object : status) out.push_back(object_json(object));
  return out.dump();
}

std::string gateway_status_text(const compiler::GatewayStatus& status) {
  std::string text;
  for (const compiler::ObjectStatus& object : status) {
    std::string who = object.kind + " " + (object.namespace_name.empty() ? "" : object.namespace_name + "/") + object.name;
    if (object.parent) who += " on " + object.parent->kind + " " + object.parent->namespace_name + "/" + object.parent->name;
    add_bad(who, object.conditions, text);
    for (const compiler::ListenerStatus& listener : object.listeners) add_bad(who + " listener " + listener.name, listener.conditions, text);
  }
  return text;
}

}  // namespace weir::cli
