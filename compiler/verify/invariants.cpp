// Written properties (docs/invariants.md): WEIR0210 when one is violated, WEIR0212 and 0213 for its exceptions. The statements themselves
// are checked in *_statements.cpp, and whether nothing can touch one (WEIR0211) in vacuous.cpp.
#include <algorithm>
#include <chrono>

#include "compiler/verify/checks.h"
#include "compiler/verify/party.h"
#include "compiler/verify/questions.h"
#include "compiler/verify/statements.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

struct Check {
  Engines& engines;
  const Statement& statement;
  [[nodiscard]] const CheckContext& context() const { return engines.context(); }

  Answer operator()(const CoveredInvariant& covered) const { return check_covered(context(), statement, covered); }
  Answer operator()(const BandwidthInvariant& bandwidth) const { return check_bandwidth(context(), statement, bandwidth); }
  Answer operator()(const ServesInvariant& serves) const { return check_serves(context(), statement, serves); }
  Answer operator()(const ExposesInvariant& exposes) const { return check_exposes(context(), statement, exposes); }
  template <class Connections>
  Answer operator()(const Connections&) const { return check_connections(engines, statement); }
};

void report_expired(const CheckContext& context, const Invariant& invariant) {
  const auto alive = still_counting(invariant, context.today);
  for (const InvariantException& exception : invariant.exceptions) {
    if (std::find(alive.begin(), alive.end(), exception) != alive.end()) continue;
    ir::Diagnostic found;
    found.kind = ir::Code::ExceptionExpired;
    found.primary = exception.origin;
    found.labels.push_back({invariant.origin, "it counts without the exception"});
    found.detail = "the exception ended on " + exception.until + " (`" + exception.reason + "`)";
    found.fix = "delete it, or give a new date (today is " + context.today + ")";
    context.diagnostics.report(std::move(found));
  }
}

}  // namespace

ir::Diagnostic violation(const Invariant& invariant, std::string detail) {
  ir::Diagnostic found;
  found.kind = ir::Code::InvariantViolated;
  found.primary = invariant.origin;
  found.detail = std::move(detail);
  found.severity = invariant.severity;
  if (!invariant.reason.empty()) found.notes.push_back("it is written because " + invariant.reason);
  return found;
}

void report_unused(const CheckContext& context, const InvariantException& exception) {
  ir::Diagnostic found;
  found.kind = ir::Code::ExceptionUnused;
  found.primary = exception.origin;
  found.detail = "without this exception the statement holds as well (`" + exception.reason + "`)";
  found.fix = "delete the exception";
  context.diagnostics.report(std::move(found));
}

void check_invariants(const CheckContext& context, const Invariants& invariants) {
  const std::set<std::string> keys = label_keys(context.policies());
  Engines engines(context);
  for (const Invariant& invariant : invariants.statements) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::string> assumptions;
    report_expired(context, invariant);
    const Statement statement{invariant, still_counting(invariant, context.today), keys, assumptions};
    const Answer answer = std::visit(Check{engines, statement}, invariant.statement);
    if (answer.status == ProofStatus::Holds) check_vacuous(context, statement);
    std::sort(assumptions.begin(), assumptions.end());
    assumptions.erase(std::unique(assumptions.begin(), assumptions.end()), assumptions.end());
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    context.report.proofs.push_back({to_text(invariant), answer.status, answer.why, answer.method, std::move(assumptions), invariant.origin,
                                     static_cast<std::uint64_t>(took.count())});
  }
}

}  // namespace weir::compiler
