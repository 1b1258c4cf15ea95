#include "cli/report/diff_report.h"

#include <nlohmann/json.hpp>

#include "cli/report/rule_json.h"

namespace weir::cli {
namespace {

using compiler::DialectChange;
using compiler::DialectDiff;
using compiler::ElementChange;
using compiler::PolicyChange;
using nlohmann::ordered_json;

void add_place(const ir::Files& files, const ir::Span& span, ordered_json& into) {
  if (!span.known() || span.file.index >= files.files.size()) return;
  into["file"] = files.at(span.file).name;
  into["line"] = span.line;
  into["column"] = span.column;
}

ordered_json element_json(const ElementChange& element, const ir::Files& files) {
  ordered_json out;
  out["direction"] = to_text(element.direction);
  out["index"] = element.index;
  out["action"] = to_text(element.action);
  add_place(files, element.origin, out);
  out["from"] = element.from;
  out["to"] = element.to;
  return out;
}

ordered_json witness_json(const compiler::DialectWitness& witness) {
  ordered_json out;
  out["src"] = witness.source;
  out["dst"] = witness.destination;
  out["protocol"] = to_text(witness.protocol);
  out["port"] = witness.port;
  if (witness.dns) out["dns"] = {{"query", *witness.dns}};
  out["from"] = to_text(witness.from);
  out["to"] = to_text(witness.to);
  if (!witness.given.empty()) out["given"] = witness.given;
  return out;
}

ordered_json policy_json(const PolicyChange& change, const ir::Files& files) {
  ordered_json out;
  out["kind"] = change.policy.kind;
  if (!change.policy.namespace_name.empty()) out["namespace"] = change.policy.namespace_name;
  out["name"] = change.policy.name;
  if (!change.policy.cluster.empty()) out["cluster"] = change.policy.cluster;
  add_place(files, change.policy.origin, out);
  out["change"] = to_text(change.change);
  out["why"] = ordered_json::array();
  for (const compiler::DialectReason& reason : change.reasons)
    out["why"].push_back({{"setting", reason.key}, {"item", reason.item}, {"text", reason.text}});
  for (const ElementChange& element : change.elements) out["rules"].push_back(element_json(element, files));
  for (const ir::Diagnostic& refusal : change.refusals) {
    ordered_json one = {{"code", ir::info(refusal.kind).id}, {"message", refusal.detail}};
    add_place(files, refusal.primary, one);
    out["refusals"].push_back(std::move(one));
  }
  if (change.witness) out["witness"] = witness_json(*change.witness);
  return out;
}

std::string name_of(const ir::PolicyObject& policy) {
  std::string text = policy.kind + " " + (policy.namespace_name.empty() ? "" : policy.namespace_name + "/") + policy.name;
  return policy.cluster.empty() ? text : text + " of cluster " + policy.cluster;
}

std::string headline(const PolicyChange& change, const DialectDiff& diff) {
  const std::string from(to_text(diff.from.dialect)), to(to_text(diff.to.dialect));
  switch (change.change) {
    case DialectChange::Refused: return to + " refuses it";
    case DialectChange::Accepted: return from + " refused it, " + to + " accepts it";
    case DialectChange::Rules: return "its rules change";
    case DialectChange::Verdicts: return "its rules stay, verdicts change";
  }
  return "";
}

std::string element_text(const ElementChange& element, const ir::PolicyObject& policy) {
  const bool deny_list = element.action == ir::Action::Deny && policy.kind.starts_with("Cilium");
  std::string text = "  " + std::string(to_text(element.direction)) + (deny_list ? "Deny[" : "[") + std::to_string(element.index) + "]\n";
  for (const std::string& line : element.from) text += "  - " + line + "\n";
  for (const std::string& line : element.to) text += "  + " + line + "\n";
  return text;
}

std::string witness_text(const PolicyChange& change) {
  if (!change.witness) return change.change == DialectChange::Rules ? "  no connection was found whose verdict changes\n" : "";
  const compiler::DialectWitness& witness = *change.witness;
  const bool icmp = witness.protocol == ir::Protocol::Icmp || witness.protocol == ir::Protocol::Icmpv6;
  std::string text = "  for example " + witness.source + " -> " + witness.destination;
  text += icmp ? " " + to_text(witness.protocol) + " type " + std::to_string(witness.port)
               : ":" + std::to_string(witness.port) + "/" + to_text(witness.protocol);
  if (witness.dns) text += " asking for " + *witness.dns;
  text += ": " + std::string(to_text(witness.from)) + " before, " + std::string(to_text(witness.to)) + " after\n";
  for (const std::string& note : witness.given) text += "    where " + note + "\n";
  return text;
}

std::string policy_text(const PolicyChange& change, const DialectDiff& diff, const ir::Files& files) {
  std::string text = name_of(change.policy) + " (" + to_text(files, change.policy.origin) + "): " + headline(change, diff) + "\n";
  for (const ir::Diagnostic& refusal : change.refusals)
    text += "  " + std::string(ir::info(refusal.kind).id) + " at " + to_text(files, refusal.primary) + ": " + refusal.detail + "\n";
  for (const ElementChange& element : change.elements) text += element_text(element, change.policy);
  text += witness_text(change);
  for (const compiler::DialectReason& reason : change.reasons)
    text += "  because of " + reason.key + " (policy.md " + reason.item + "): " + reason.text + "\n";
  return text;
}

}  // namespace

std::string dialect_diff_json(const DialectDiff& diff, const ir::Files& files) {
  ordered_json out = head_json("DialectDiff");
  out["from"] = to_text(diff.from.dialect);
  out["to"] = to_text(diff.to.dialect);
  out["settings"] = ordered_json::array();
  for (const compiler::SettingChange& setting : diff.settings)
    out["settings"].push_back({{"key", setting.key}, {"from", setting.from}, {"to", setting.to}});
  out["policies"] = ordered_json::array();
  for (const PolicyChange& change : diff.changes) out["policies"].push_back(policy_json(change, files));
  out["summary"] = {{"policies", diff.policies}, {"changed", diff.changes.size()}};
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string dialect_diff_text(const DialectDiff& diff, const ir::Files& files) {
  std::string text;
  for (const PolicyChange& change : diff.changes) text += policy_text(change, diff, files) + "\n";
  text += std::to_string(diff.changes.size()) + " of " + std::to_string(diff.policies) + (diff.policies == 1 ? " policy" : " policies") +
          " change from " + std::string(to_text(diff.from.dialect)) + " to " + std::string(to_text(diff.to.dialect)) + "\n";
  return text;
}

}  // namespace weir::cli
