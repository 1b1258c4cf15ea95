#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/invariants/invariants.h"
#include "ir/base/diagnostic.h"
#include "ir/base/files.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

struct VerifyLimits {
  std::uint32_t solver_millis = 2000;  // for each query; then the answer is unknown
  std::size_t pieces = 4000;           // of set algebra for one question; then the solver is asked
};

enum class ProofStatus : std::uint8_t { Holds, Violated, Unknown };
[[nodiscard]] std::string_view to_text(ProofStatus);  // "holds", "violated", "unknown"

/// The answer to one written property.
struct ProofResult {
  std::string property;  // its one text form
  ProofStatus status = ProofStatus::Unknown;
  std::string why;       // why it is unknown; empty otherwise
  std::string method;    // "sets" or "z3": who proved it
  std::vector<std::string> assumptions;  // what it does not speak about; sorted
  ir::Span origin;
  std::uint64_t millis = 0;
};

struct VerifyReport {
  std::vector<ProofResult> proofs;     // in the order of the invariants
  std::vector<std::string> undecided;  // checks of rules that neither set algebra nor the solver finished
};

/// What statements may be about beside policies.
struct Surroundings {
  const ir::RouteTable* routes = nullptr;  // absent: statements about routes stay unknown
  std::string today = {};                  // "2026-11-23", for exceptions; empty: none has expired
  std::vector<ir::RouteTable> other_routes = {};  // of the same objects, as other dialects read them
  const ir::PolicySet* of_any_pod = nullptr;      // policies_of_any_pod(); absent: the policies as they are
};

/// What can be proven about these policies, over all label sets that may exist: findings (WEIR0201 to 0220, each with
/// a witness that the evaluator has confirmed) go to the diagnostics, the answers to the invariants come back.
[[nodiscard]] VerifyReport verify(const ir::PolicySet&, const ir::Cluster&, const Invariants&, const ir::Files&,
                                  const VerifyLimits&, ir::Diagnostics&, const Surroundings& = {});

/// `--emit smt2`: the queries of each invariant about connections, whether set algebra would need it or not. Each asks for a
/// counterexample, without what exceptions that still count on this day take out.
/// The policies are those of any pod.
[[nodiscard]] std::string smt2(const ir::PolicySet&, const ir::Cluster&, const Invariants&, const ir::Files&, const std::string& today = {});

}  // namespace weir::compiler
