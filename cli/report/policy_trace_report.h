#pragma once

#include <string>
#include <vector>

#include "simulator/ask/policy_trace.h"

namespace weir::cli {

/// One pair of ends, and what came out.
struct PolicyTracePair {
  std::string from, to;  // their labels
  std::vector<simulator::AskedPort> asked;
  simulator::PolicyTrace trace;
};

/// The layout of `cilium policy trace` (policy.md 9.1), and an egress part before the ingress one. `verbose` shows the
/// rules that do not select too.
[[nodiscard]] std::string policy_trace_text(const PolicyTracePair&, bool verbose);
/// One document for all pairs: `{"pairs":[{"from","to","verdict","ports":[{"protocol","first","last",TRACE}]}]}`.
[[nodiscard]] std::string policy_trace_json(const std::vector<PolicyTracePair>&);

}  // namespace weir::cli
