#include "cli/report/policy_trace_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/report/rule_json.h"
#include "cli/report/trace_report.h"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using simulator::RuleStep;

std::string port_text(const simulator::TracedPort& port) {
  std::string text = std::to_string(port.first);
  if (port.last != port.first) text += "-" + std::to_string(port.last);
  return text + "/" + ir::to_text(port.protocol);
}

std::string asked_text(const simulator::AskedPort& port) {
  return std::to_string(port.port) + "/" + (port.protocols.size() > 1 ? "ANY" : ir::to_text(port.protocols.front()));
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : " ") + item;
  return "[" + text + "]";
}

std::string verb(const RuleStep& step) {
  if (step.rule.action == ir::Action::Deny) return "Denies";
  return step.rule.action == ir::Action::Pass ? "Passes" : "Allows";
}

std::string peers_text(const RuleStep& step, bool ingress, const std::string& peer) {
  const std::string which = ingress ? "from" : "to";
  if (step.any_peer) return "    " + verb(step) + " " + which + " anybody\n";
  if (step.peers.empty()) return "    " + verb(step) + " " + which + " nobody\n";
  std::string text;
  bool found = false;
  for (const auto& [name, match] : step.peers) {
    text += "    " + verb(step) + " " + which + " labels {" + name + "}\n";
    if (match == ir::Match::Maybe) text += "      nobody can tell whether it is this one\n";
    found = found || match != ir::Match::No;
  }
  return text + (found ? "      Found all required labels\n" : "      Labels " + peer + " not found\n");
}

std::string ports_text(const RuleStep& step) {
  if (step.any_port) return {};
  std::vector<std::string> names;
  bool found = false;
  for (const auto& [name, match] : step.ports) {
    names.push_back(name);
    found = found || match;
  }
  return "    " + verb(step) + " port " + joined(names) + "\n" + (found ? "" : "      No port match found\n");
}

std::string step_text(const RuleStep& step, bool ingress, const std::string& peer) {
  std::string text = "* Rule {" + step.subject + "}: " + (step.selected ? "selected" : "not selected") + "\n";
  if (!step.selected) return text;
  return text + "    " + ir::to_text(step.rule) + "\n" + peers_text(step, ingress, peer) + ports_text(step);
}

bool matches(const RuleStep& step) {
  const bool peer = step.any_peer || std::any_of(step.peers.begin(), step.peers.end(), [](const auto& one) { return one.second == ir::Match::Yes; });
  const bool port = step.any_port || std::any_of(step.ports.begin(), step.ports.end(), [](const auto& one) { return one.second; });
  return step.selected && peer && port;
}

/// The steps of the first port, and the verdicts of every port.
std::string direction_text(const PolicyTracePair& pair, bool ingress, bool verbose) {
  const auto& steps = ingress ? pair.trace.ingress : pair.trace.egress;
  const std::string name = ingress ? "ingress" : "egress", peer = ingress ? pair.from : pair.to;
  std::string text = "Resolving " + name + " policy for " + (ingress ? pair.to : pair.from) + "\n";
  std::size_t selected = 0;
  bool allow = false, deny = false;
  for (const RuleStep& step : steps) {
    selected += step.selected;
    allow = allow || (matches(step) && step.rule.action == ir::Action::Allow);
    deny = deny || (matches(step) && step.rule.action == ir::Action::Deny);
    if (step.selected || verbose) text += step_text(step, ingress, peer);
  }
  text += std::to_string(selected) + "/" + std::to_string(steps.size()) + " rules selected\n";
  text += allow ? "Found allow rule\n" : "Found no allow rule\n";
  text += deny ? "Found deny rule\n" : "Found no deny rule\n";
  const std::string title = ingress ? "Ingress verdict" : "Egress verdict";
  for (const simulator::TracedPort& port : pair.trace.ports) {
    const simulator::TraceSide& side = ingress ? port.answer.ingress : port.answer.egress;
    if (side.decision.default_rule != ir::DefaultRule::None && pair.trace.ports.size() == 1)
      text += "No rule decides: " + std::string(ir::to_text(side.decision.default_rule)) + "\n";
    text += title + (pair.trace.ports.size() > 1 ? " for " + port_text(port) : "") + ": " + std::string(ir::to_text(side.decision.verdict));
    text += side.decision.audit ? " (audit)\n" : "\n";
  }
  return text + "\n";
}

std::string requests_text(const PolicyTracePair& pair) {
  std::string text;
  for (const simulator::TracedPort& port : pair.trace.ports)
    if (const auto& l7 = port.answer.decision.l7) {
      text += "L7 verdict for " + port_text(port) + ": " + std::string(ir::to_text(l7->verdict)) + " (" + l7->protocol + " at " +
              std::string(ir::to_text(l7->side)) + ")\n";
      for (const ir::RuleRef& rule : port.answer.l7_decided_by) text += "    " + ir::to_text(rule) + "\n";
    }
  return text;
}

std::string upper(ir::Verdict verdict) {
  std::string text(ir::to_text(verdict));
  for (char& c : text) c = static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace

std::string policy_trace_text(const PolicyTracePair& pair, bool verbose) {
  std::vector<std::string> ports;
  for (const simulator::AskedPort& port : pair.asked) ports.push_back(asked_text(port));
  std::string text = std::string(64, '-') + "\nTracing From: " + pair.from + " => To: " + pair.to + " Ports: " +
                     (ports.empty() ? "[ANY]" : joined(ports)) + "\n\n";
  text += direction_text(pair, false, verbose) + direction_text(pair, true, verbose) + requests_text(pair);
  std::vector<std::string> passing;
  for (const simulator::TracedPort& port : pair.trace.ports)
    if (port.answer.decision.verdict == ir::Verdict::Allowed) passing.push_back(port_text(port));
  if (pair.asked.empty()) text += "Allowed ports: " + joined(passing) + "\n";
  for (const std::string& assumption : pair.trace.ports.front().answer.decision.assumptions) text += "This rests on: " + assumption + "\n";
  return text + "Final verdict: " + upper(final_verdict(pair.trace, pair.asked)) + "\n";
}

std::string policy_trace_json(const std::vector<PolicyTracePair>& pairs) {
  ordered_json out = head_json("PolicyTrace");
  out["pairs"] = ordered_json::array();
  for (const PolicyTracePair& pair : pairs) {
    ordered_json one;
    one["from"] = pair.from;
    one["to"] = pair.to;
    one["verdict"] = ir::to_text(final_verdict(pair.trace, pair.asked));
    one["ports"] = ordered_json::array();
    for (const simulator::TracedPort& port : pair.trace.ports) {
      ordered_json item;
      item["protocol"] = ir::to_text(port.protocol);
      item["first"] = port.first;
      item["last"] = port.last;
      add_trace(port.answer, item);
      one["ports"].push_back(std::move(item));
    }
    out["pairs"].push_back(std::move(one));
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace weir::cli
