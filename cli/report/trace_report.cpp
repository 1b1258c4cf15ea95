#include "cli/report/trace_report.h"

#include <nlohmann/json.hpp>

#include "cli/report/rule_json.h"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using simulator::Suggestion;
using simulator::TraceAnswer;
using simulator::TraceSide;

/// cli.md: a refused request is of the side whose policy holds the rules; its connection was let through.
bool refuses_request(const TraceAnswer& answer, ir::Direction direction) {
  const auto& l7 = answer.decision.l7;
  return l7 && l7->verdict == ir::Verdict::Denied && l7->side == direction;
}

ordered_json side_json(const TraceSide& side, bool refuses) {
  ordered_json out;
  out["verdict"] = ir::to_text(side.decision.verdict);
  out["enforced"] = side.decision.enforced;
  if (side.decision.reason != ir::DropReason::None)
    out["reason"] = ir::to_text(side.decision.reason);
  else if (refuses)
    out["reason"] = "l7-denied";
  if (side.decision.audit) out["audit"] = true;
  out["decidedBy"] = rules_json(side.decided_by);
  return out;
}

ordered_json l7_json(const ir::L7Decision& l7, const std::vector<ir::RuleRef>& rules) {
  ordered_json out;
  out["verdict"] = ir::to_text(l7.verdict);
  out["protocol"] = l7.protocol;
  out["decidedBy"] = rules_json(rules);
  return out;
}

ordered_json suggestions_json(const std::vector<Suggestion>& suggestions) {
  auto out = ordered_json::array();
  for (const Suggestion& suggestion : suggestions) {
    ordered_json one;
    one["effect"] = suggestion.effect;
    one["edits"] = ordered_json::array();
    for (const simulator::Edit& edit : suggestion.edits) {
      ordered_json item;
      item["action"] = edit.action;
      if (!edit.place.empty()) item["place"] = edit.place;
      if (!edit.yaml.empty()) item["yaml"] = edit.yaml;
      one["edits"].push_back(std::move(item));
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::string list(const std::vector<ir::RuleRef>& rules) {
  std::string text;
  for (const ir::RuleRef& rule : rules) text += "    " + ir::to_text(rule) + "\n";
  return text;
}

/// Why this side says what it says.
std::string because(const TraceSide& side) {
  switch (side.decision.default_rule) {
    case ir::DefaultRule::DefaultDeny:
      return side.isolated_by.empty()
                 ? "  no rule admits this connection, and enforcement is always on\n"
                 : "  no rule admits this connection, and default deny applies because of\n" + list(side.isolated_by);
    case ir::DefaultRule::DefaultAllow:
      return side.decision.enforced ? "  no rule decides, and no policy isolates this end in this direction\n"
                                    : "  no policy applies to this end in this direction\n";
    case ir::DefaultRule::AllowLocalhost: return "  the peer is the local host, which the default lets in\n";
    case ir::DefaultRule::IcmpFragNeeded: return "  ICMP \"fragmentation needed\" always passes\n";
    case ir::DefaultRule::None: break;
  }
  if (side.decided_by.empty()) return "  this end is outside the cluster's enforcement\n";
  switch (side.decision.verdict) {
    case ir::Verdict::Denied: return "  denied by\n" + list(side.decided_by);
    case ir::Verdict::Allowed: return "  allowed by\n" + list(side.decided_by);
    case ir::Verdict::Unknown: break;
  }
  return "  nobody can tell whether these rules speak about it\n" + list(side.decided_by);
}

std::string extras(const TraceSide& side) {
  std::string text;
  if (side.decision.audit) text += "  in audit: reported as AUDIT and let through\n";
  if (side.decision.redirect) text += "  through a proxy that checks each request\n";
  if (side.decision.authenticate) text += "  once the two ends have authenticated each other\n";
  return text;
}

std::string side_text(std::string_view direction, const ir::Endpoint& end, const TraceSide& side) {
  std::string text = std::string(direction) + " of " + end.name + ": " + std::string(ir::to_text(side.decision.verdict));
  if (side.decision.reason != ir::DropReason::None) text += " (" + std::string(ir::to_text(side.decision.reason)) + ")";
  return text + "\n" + because(side) + extras(side);
}

std::string request_text(const TraceAnswer& answer) {
  const ir::L7Decision& l7 = *answer.decision.l7;
  std::string text = l7.protocol + " request at " + std::string(ir::to_text(l7.side)) + ": " + std::string(ir::to_text(l7.verdict));
  if (l7.verdict == ir::Verdict::Denied) return text + " (l7-denied)\n  none of these admits it\n" + list(answer.l7_decided_by);
  if (l7.verdict == ir::Verdict::Unknown) return text + "\n  weir cannot see what these do with it\n" + list(answer.l7_decided_by);
  if (answer.l7_decided_by.empty()) return text + "\n  no rule admits it, and the default lets it through\n";
  return text + "\n  admitted by\n" + list(answer.l7_decided_by);
}

std::string indented(const std::string& yaml) {
  std::string text = "      ";
  for (const char c : yaml) text += c == '\n' ? std::string("\n      ") : std::string(1, c);
  while (text.ends_with(' ')) text.pop_back();
  return text.ends_with('\n') ? text : text + "\n";
}

std::string suggestions_text(const std::vector<Suggestion>& suggestions) {
  if (suggestions.empty()) return "no small edit turns this verdict\n";
  std::string text;
  for (const Suggestion& suggestion : suggestions) {
    text += (text.empty() ? "" : "or ") + suggestion.effect + " when you\n";
    for (const simulator::Edit& edit : suggestion.edits) {
      text += "  " + edit.action + (edit.place.empty() ? "" : ": " + edit.place) + "\n";
      if (!edit.yaml.empty()) text += indented(edit.yaml);
    }
  }
  return text;
}

}  // namespace

void add_trace(const TraceAnswer& answer, ordered_json& into) {
  into["verdict"] = ir::to_text(answer.decision.verdict);
  into["egress"] = side_json(answer.egress, refuses_request(answer, ir::Direction::Egress));
  into["ingress"] = side_json(answer.ingress, refuses_request(answer, ir::Direction::Ingress));
  if (answer.decision.l7) into["l7"] = l7_json(*answer.decision.l7, answer.l7_decided_by);
  if (!answer.decision.assumptions.empty()) into["assumptions"] = answer.decision.assumptions;
}

std::string trace_json(const TraceAnswer& answer, const std::vector<Suggestion>* edits) {
  ordered_json out = head_json("Trace");
  add_trace(answer, out);
  if (edits != nullptr) out["suggestions"] = suggestions_json(*edits);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string trace_text(const TraceAnswer& answer, const std::vector<Suggestion>* edits) {
  std::string text = ir::to_text(answer.flow) + ": " + std::string(ir::to_text(answer.decision.verdict)) + "\n\n";
  text += side_text("egress", answer.flow.source, answer.egress);
  text += side_text("ingress", answer.flow.destination, answer.ingress);
  if (answer.decision.l7) text += request_text(answer);
  if (!answer.decision.assumptions.empty()) text += "this rests on\n";
  for (const std::string& assumption : answer.decision.assumptions) text += "    " + assumption + "\n";
  if (edits != nullptr) text += suggestions_text(*edits);
  return text;
}

}  // namespace weir::cli
