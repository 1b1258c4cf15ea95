#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/verify/proof.h"

namespace weir::compiler {

/// What every kind of statement is asked with: its exceptions that still count, apart from those that have expired.
struct Statement {
  const Invariant& invariant;
  std::vector<InvariantException> exceptions;
  const std::set<std::string>& keys;       // label keys that rules ask for (party.h)
  std::vector<std::string>& assumptions;   // what the answer does not speak about
};

/// Each answers one statement and reports WEIR0210 when it is violated, WEIR0213 for an exception that it does not need.
[[nodiscard]] Answer check_connections(Engines&, const Statement&);
[[nodiscard]] Answer check_covered(const CheckContext&, const Statement&, const CoveredInvariant&);
[[nodiscard]] Answer check_bandwidth(const CheckContext&, const Statement&, const BandwidthInvariant&);
[[nodiscard]] Answer check_serves(const CheckContext&, const Statement&, const ServesInvariant&);
[[nodiscard]] Answer check_exposes(const CheckContext&, const Statement&, const ExposesInvariant&);

/// Reports WEIR0211 when some party of a statement that holds has no pod of the inventory and no rule that could touch one.
void check_vacuous(const CheckContext&, const Statement&);

/// A WEIR0210 at the statement, with its severity and reason.
[[nodiscard]] ir::Diagnostic violation(const Invariant&, std::string detail);
/// WEIR0213.
void report_unused(const CheckContext&, const InvariantException&);

}  // namespace weir::compiler
