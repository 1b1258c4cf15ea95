#include "cli/report/trace_report.h"

#include <nlohmann/json.hpp>

#include "cli/report/rule_json.h"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using simulator::TraceAnswer;
using simulator::TraceSide;

ordered_json side_json(const TraceSide& side) {
  ordered_json out;
  out["verdict"] = ir::to_text(side.decision.verdict);
  out["enforced"] = side.decision.enforced;
  if (side.decision.reason != ir::DropReason::None) out["reason"] = ir::to_text(side.decision.reason);
  out["decidedBy"] = rules_json(side.decided_by);
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
  const bool denied = side.decision.verdict == ir::Verdict::Denied;
  return (denied ? "  denied by\n" : "  allowed by\n") + list(side.decided_by);
}

std::string side_text(std::string_view direction, const ir::Endpoint& end, const TraceSide& side) {
  std::string text = std::string(direction) + " of " + end.name + ": " + std::string(ir::to_text(side.decision.verdict));
  if (side.decision.reason != ir::DropReason::None) text += " (" + std::string(ir::to_text(side.decision.reason)) + ")";
  return text + "\n" + because(side);
}

}  // namespace

void add_trace(const TraceAnswer& answer, ordered_json& into) {
  into["verdict"] = ir::to_text(answer.decision.verdict);
  into["egress"] = side_json(answer.egress);
  into["ingress"] = side_json(answer.ingress);
  if (!answer.decision.assumptions.empty()) into["assumptions"] = answer.decision.assumptions;
}

std::string trace_json(const TraceAnswer& answer) {
  ordered_json out = head_json("Trace");
  add_trace(answer, out);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string trace_text(const TraceAnswer& answer) {
  std::string text = ir::to_text(answer.flow) + ": " + std::string(ir::to_text(answer.decision.verdict)) + "\n\n";
  text += side_text("egress", answer.flow.source, answer.egress);
  text += side_text("ingress", answer.flow.destination, answer.ingress);
  if (!answer.decision.assumptions.empty()) text += "this rests on\n";
  for (const std::string& assumption : answer.decision.assumptions) text += "    " + assumption + "\n";
  return text;
}

}  // namespace weir::cli
