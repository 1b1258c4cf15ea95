#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/resolve/resolve.h"
#include "ir/base/files.h"
#include "ir/base/ports.h"
#include "ir/eval/side.h"
#include "ir/flow/flow.h"
#include "simulator/ask/trace.h"

namespace weir::simulator {

/// What `cilium policy trace` printed about one rule (policy.md 9.1).
struct RuleStep {
  ir::RuleRef rule;
  std::string subject;
  bool selected = false;
  std::vector<std::pair<std::string, ir::Match>> peers;  // every peer of it, and whether it is this one; empty: any peer
  bool any_peer = false;
  std::vector<std::pair<std::string, bool>> ports;       // every port of it, and whether it is this one
  bool any_port = false;
};

/// One protocol and port of the question.
struct TracedPort {
  ir::Protocol protocol = ir::Protocol::Tcp;
  std::uint16_t first = 0, last = 0;
  TraceAnswer answer;  // of `first`; every port up to `last` fares alike
};

/// Two ends and the ports between them.
struct PolicyTrace {
  std::vector<RuleStep> ingress, egress;  // for the first port
  std::vector<TracedPort> ports;
};

/// --dport; `any` is TCP, UDP and SCTP, of which one must pass.
struct AskedPort {
  std::vector<ir::Protocol> protocols;
  std::uint16_t port = 0;
  friend auto operator<=>(const AskedPort&, const AskedPort&) = default;
};

/// Every rule of both directions that a policy holds, and the verdict of each port. Without ports every port of TCP, UDP
/// and SCTP is asked about, in ranges that fare alike.
[[nodiscard]] PolicyTrace policy_trace(const compiler::Resolved&, const ir::Files&, const ir::Flow&,
                                       const std::vector<AskedPort>&);

/// Allowed when every port asked for is; unknown when one may not be.
[[nodiscard]] ir::Verdict final_verdict(const PolicyTrace&, const std::vector<AskedPort>&);

}  // namespace weir::simulator
