#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/resolve/resolve.h"
#include "ir/base/files.h"
#include "ir/base/result.h"
#include "ir/cluster/party.h"
#include "ir/flow/decision.h"
#include "ir/flow/flow.h"
#include "ir/flow/rule_ref.h"

namespace weir::simulator {

/// One connection as a person asks for it.
struct TraceQuestion {
  ir::Party source, destination;
  ir::Protocol protocol = ir::Protocol::Tcp;
  std::uint16_t port = 0;      // the ICMP type for ICMP and ICMPv6
  std::uint8_t icmp_code = 0;
  std::optional<ir::L7Request> request;  // absent: only the connection is asked about
};

/// One side of the answer with its rules spelt out.
struct TraceSide {
  ir::SideDecision decision;
  std::vector<ir::RuleRef> decided_by, isolated_by;
};

struct TraceAnswer {
  ir::Flow flow;          // what policy saw: after service translation (policy.md 4.5)
  ir::Decision decision;
  TraceSide egress, ingress;
  std::vector<ir::RuleRef> l7_decided_by;  // of decision.l7
};

/// May this connection pass, and who says so (policy.md 4). An address of a Service is translated to its pods; when
/// these fare differently the verdict is unknown. Exit code 2 when a party is not in the inventory.
[[nodiscard]] ir::Result<TraceAnswer> trace(const compiler::Resolved&, const ir::Files&, const TraceQuestion&);

/// The container port of this name at the destination, for `port: http` (policy.md 3.8).
[[nodiscard]] std::optional<std::uint16_t> named_port(const ir::Cluster&, const ir::Party& destination,
                                                      ir::Protocol, std::string_view name);

/// The answer about a flow as it is, no Service between.
[[nodiscard]] TraceAnswer trace_flow(const compiler::Resolved&, const ir::Files&, ir::Flow);

/// The party as the inventory names it: its own cluster has no name there.
[[nodiscard]] ir::Party at_home(ir::Party, const ir::Settings&);

/// Both ends; the one that depends on the other (`entity:host`) is looked up last.
[[nodiscard]] ir::Result<std::pair<ir::Endpoint, ir::Endpoint>> both_ends(const ir::Cluster&, const ir::Party& source,
                                                                          const ir::Party& destination);

}  // namespace weir::simulator
