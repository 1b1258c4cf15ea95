#pragma once

#include "ir/cluster/cluster.h"
#include "ir/flow/decision.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"

namespace weir::ir {

/// The meaning of weir (policy.md section 4): may this connection pass, and who says so. Slow, obvious, no I/O.
/// Every other engine (rule index, tables, Z3, kernel) must give the same answer.
[[nodiscard]] Decision decide(const PolicySet&, const Cluster&, const Flow&);

/// One side of it: egress at the source, ingress at the destination (policy.md 4.2).
[[nodiscard]] SideDecision decide_side(const PolicySet&, const Cluster&, const Flow&, Direction);

/// The parts the other engines are checked by.
[[nodiscard]] bool peer_matches(const Settings&, const Peer&, const LabelSet& labels,
                                const std::optional<IpAddress>& address);
[[nodiscard]] bool rule_matches_ports(const Rule&, Protocol, std::uint16_t port);

}  // namespace weir::ir
