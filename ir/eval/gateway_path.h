#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/cluster/cluster.h"
#include "ir/flow/decision.h"
#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"
#include "ir/route/route_table.h"

namespace weir::ir {

/// One request (or connection) on its way through a gateway to one pod of one backend.
struct GatewayPath {
  const Listener& listener;
  std::optional<Endpoint> client;  // absent: only the gateway's own connections are asked about
  Endpoint gateway;                // reserved:ingress, or a pod of the gateway's proxy
  Endpoint backend;
  std::uint16_t port = 0;          // of the pod
  std::optional<L7Request> sent, forwarded;  // before and after the filters; absent: only connections are asked about
};

/// One side that was asked.
struct GatewayStep {
  std::string name;  // "client egress", "gateway ingress", "gateway egress", "backend ingress"
  Direction direction = Direction::Ingress;
  SideDecision side;
  std::optional<L7Decision> request;  // what its request rules say
  friend auto operator<=>(const GatewayStep&, const GatewayStep&) = default;
};

struct GatewayVerdict {
  Verdict verdict = Verdict::Allowed;
  std::vector<GatewayStep> steps;  // in order, up to the one that denied
  std::uint32_t step = 0;          // the deciding one: the denying, else the first unknown, else the last
  bool by_request = false;         // decided by its request rules
  std::uint32_t status = 0;        // of a denial, as the client sees it: 403, 503; 0: its connection is refused
  std::vector<std::string> assumptions;
  friend auto operator<=>(const GatewayVerdict&, const GatewayVerdict&) = default;
};

/// {reserved:ingress}: what a gateway of Cilium's shows to its backends, and whose policies are asked about its clients.
[[nodiscard]] Endpoint ingress_endpoint();

/// gateway.md section 2, rows 1 to 5, which must all allow. A side in audit lets the connection through.
[[nodiscard]] GatewayVerdict decide_path(const PolicySet&, const Cluster&, const GatewayPath&);

}  // namespace weir::ir
