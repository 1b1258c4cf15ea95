#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/base/ip.h"
#include "ir/base/ports.h"
#include "ir/cluster/label.h"
#include "ir/flow/request.h"

namespace weir::ir {

enum class EndpointKind : std::uint8_t {
  Pod,    // has an identity and, on its node, enforced policy
  Node,   // a node or a host-network pod: reserved:host or reserved:remote-node, seen from the other end
  Other,  // world, ingress, health, init, unmanaged ...: labels say which; never evaluated as a subject
};

/// One end of a connection as policy sees it.
struct Endpoint {
  EndpointKind kind = EndpointKind::Other;
  LabelSet labels;                   // of a Node those beside host and remote-node: use peer_labels
  LabelSet host_labels;              // of a Node: what rules on nodes select it by (policy.md 2.5)
  std::optional<IpAddress> address;  // absent: not known (a hypothetical pod)
  std::string node;                  // the node it runs on, or the node it is; empty: not known
  std::string name;                  // for people: "shop/frontend-1", "192.0.2.7", "node n1"
  std::vector<std::string> dns_names;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// The labels `peer` shows to `subject`: a Node is host on the subject's own node (or when both nodes are unknown),
/// remote-node elsewhere (policy.md 1.4).
[[nodiscard]] LabelSet peer_labels(const Endpoint& peer, const Endpoint& subject);

/// One connection in its original direction, after service translation (policy.md 4.5).
struct Flow {
  Endpoint source, destination;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;      // destination port, host order; the ICMP type for ICMP and ICMPv6; 0 for other protocols
  std::uint8_t icmp_code = 0;
  std::optional<L7Request> request;  // absent: only the connection is asked about
  friend auto operator<=>(const Flow&, const Flow&) = default;
};

/// "shop/frontend -> shop/backend:8080/TCP", "... ICMP type 8"
[[nodiscard]] std::string to_text(const Flow&);

}  // namespace weir::ir
