#pragma once

#include "cli/report/sets_diff_report.h"
#include "ir/flow/rule_ref.h"

namespace weir::cli {

/// One difference as every format shows it.
struct DiffRow {
  std::string world;                   // "today" or "any"
  std::string change;                  // "added", "removed", "changed"
  std::string source, destination;
  std::string before, after;           // ports: "TCP 80 [http]"; empty: none
  std::string witness;                 // one connection, with its verdicts
  std::vector<ir::RuleRef> by_before, by_after;  // who decides it
  std::vector<std::string> given;      // what its text cannot say
};

/// What weir does not know of the answer, one sentence each; empty: all is known.
[[nodiscard]] std::vector<std::string> unknowns_of(const SetsDiff&);
/// Sorted: today's by source and destination, then those over any pods.
[[nodiscard]] std::vector<DiffRow> rows_of(const SetsDiff&);
/// "TCP 80,443 [http]"
[[nodiscard]] std::string admitted_text(const compiler::AdmittedPorts&);
/// One line about the answer over any pods: complete or not, and who says so.
[[nodiscard]] std::string any_summary(const compiler::AnyDiff&);

}  // namespace weir::cli
