#include "cli/report/sets_diff_rows.h"

#include <algorithm>
#include <array>

#include "cli/report/connectivity_report.h"
#include "ir/flow/decided_by.h"

namespace weir::cli {
namespace {

using compiler::AdmittedPorts;

std::string change_of(bool before, bool after) { return !before ? "added" : !after ? "removed" : "changed"; }

/// The rules that answer the request, else the side that says no, else both.
std::vector<ir::RuleRef> deciders(const ir::PolicySet& policies, const ir::Files& files, const ir::Decision& decision) {
  using ir::Direction;
  if (decision.l7 && !decision.l7->decided_by.empty()) {
    ir::SideDecision side = decision.l7->side == Direction::Egress ? decision.egress : decision.ingress;
    side.decided_by = decision.l7->decided_by;
    return ir::decided_by(policies, files, side, decision.l7->side);
  }
  if (decision.egress.verdict == ir::Verdict::Denied) return ir::decided_by(policies, files, decision.egress, Direction::Egress);
  if (decision.ingress.verdict == ir::Verdict::Denied) return ir::decided_by(policies, files, decision.ingress, Direction::Ingress);
  auto out = ir::decided_by(policies, files, decision.egress, Direction::Egress);
  for (ir::RuleRef& ref : ir::decided_by(policies, files, decision.ingress, Direction::Ingress)) {
    const bool default_again = std::any_of(out.begin(), out.end(), [&](const ir::RuleRef& known) { return known.kind == ref.kind && known.name == ref.name && known.file.empty(); });
    if (!default_again) out.push_back(std::move(ref));
  }
  return out;
}

std::string witness_of(const ir::Flow& flow, const ir::Decision& before, const ir::Decision& after) {
  const std::string request = flow.request ? " (" + to_text(*flow.request) + ")" : "";
  return to_text(flow) + request + " " + std::string(to_text(before.verdict)) + " before, " + std::string(to_text(after.verdict)) + " after";
}

DiffRow row_of(const compiler::TodayChange& change, const SetsDiff& all) {
  DiffRow row{"today", change_of(!change.before.ports.empty(), !change.after.ports.empty()), change.source, change.destination,
              admitted_text(change.before), admitted_text(change.after), {}, {}, {}, {}};
  if (!change.only.empty()) row.given.push_back(change.only == "before" ? "one of them is gone" : "one of them is new");
  if (!change.flow) return row;
  row.witness = witness_of(*change.flow, *change.decided_before, *change.decided_after);
  row.by_before = deciders(all.before.policies, all.files, *change.decided_before);
  row.by_after = deciders(all.after.policies, all.files, *change.decided_after);
  return row;
}

/// What passes on one side alone: "TCP 80", "TCP 80 (http GET www.example.com/)".
std::string what_of(const ir::Flow& flow) {
  const std::string port = ports_text(ir::ports_of(std::vector{ir::PortMatch{flow.protocol, {flow.port, flow.port}}}));
  return flow.request ? port + " (" + to_text(*flow.request) + ")" : port;
}

/// What happened to one connection or request, and how it stands before and after. Where a side is unknown both say so.
std::array<std::string, 3> told(const ir::Flow& flow, ir::Verdict before, ir::Verdict after) {
  using ir::Verdict;
  const std::string what = what_of(flow);
  if (before == Verdict::Unknown || after == Verdict::Unknown)
    return {"changed", what + " " + std::string(to_text(before)), what + " " + std::string(to_text(after))};
  const bool passed = before == Verdict::Allowed;
  return {change_of(passed, !passed), passed ? what : "", passed ? "" : what};
}

DiffRow row_of(const compiler::TodayRequest& one, const SetsDiff& all) {
  const auto [change, before, after] = told(one.flow, one.before.verdict, one.after.verdict);
  return {"today", change, one.source, one.destination, before, after, witness_of(one.flow, one.before, one.after), deciders(all.before.policies, all.files, one.before),
          deciders(all.after.policies, all.files, one.after), {}};
}

DiffRow row_of(const compiler::AnyDifference& one, const SetsDiff& all) {
  const auto [change, before, after] = told(one.connection.flow, one.before.verdict, one.after.verdict);
  DiffRow row{"any", change, one.connection.source.party, one.connection.destination.party, before, after, witness_of(one.connection.flow, one.before, one.after), deciders(all.before.any(), all.files, one.before),
              deciders(all.after.any(), all.files, one.after), {}};
  for (const auto* end : {&one.connection.source, &one.connection.destination}) row.given.insert(row.given.end(), end->notes.begin(), end->notes.end());
  return row;
}

}  // namespace

std::string admitted_text(const AdmittedPorts& admitted) {
  std::string text;
  const auto add = [&](const ir::PortSet& ports, const std::string& check) {
    if (!ports.empty()) text += (text.empty() ? "" : ", ") + ports_text(ports) + check;
  };
  add(admitted.unchecked(), "");
  for (const compiler::RequestCheck check : compiler::kRequestChecks)
    add(admitted.checked[static_cast<std::size_t>(check)], " [" + std::string(to_text(check)) + "]");
  return text;
}

std::vector<DiffRow> rows_of(const SetsDiff& all) {
  std::vector<DiffRow> rows;
  if (all.diff.today)
    for (const compiler::TodayChange& change : all.diff.today->changes) rows.push_back(row_of(change, all));
  if (all.diff.today)
    for (const compiler::TodayRequest& one : all.diff.today->requests) rows.push_back(row_of(one, all));
  if (all.diff.any)
    for (const compiler::AnyDifference& one : all.diff.any->found) rows.push_back(row_of(one, all));
  return rows;
}

std::vector<std::string> unknowns_of(const SetsDiff& all) {
  std::vector<std::string> out;
  if (all.diff.today) {
    for (const std::string& line : all.diff.today->unconfirmed) out.push_back("between today's pods: the evaluator does not confirm " + line);
    if (!all.diff.today->unknown.empty()) out.push_back("between today's pods: " + all.diff.today->unknown);
    if (!all.diff.today->requests_unknown.empty()) out.push_back("requests between today's pods: " + all.diff.today->requests_unknown);
  }
  if (all.diff.any && !all.diff.any->complete) out.push_back("between any pods that may come: " + all.diff.any->why);
  for (const std::string& line : all.routes.unknown) out.push_back(line);
  return out;
}

std::string any_summary(const compiler::AnyDiff& any) {
  const std::string by = any.method == "z3" ? "Z3" : "set algebra";
  if (any.complete && any.found.empty()) return "equal, proven by " + by;
  const std::string count = std::to_string(any.found.size()) + " way" + (any.found.size() == 1 ? "" : "s") + " to differ";
  return any.complete ? count + ", all that there are (" + by + ")" : (any.found.empty() ? "unknown" : count + ", maybe more") + ": " + any.why;
}

}  // namespace weir::cli
