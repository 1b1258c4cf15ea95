#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/admission.h"
#include "ir/base/result.h"
#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"
#include "ir/sets/address_set.h"

namespace weir::compiler {

/// Which connections to list (`weir connectivity --focus-...`); empty: every one.
struct ConnectivityQuestion {
  /// "NS/NAME", or "NAME" in any namespace, of a workload or pod; peers may also be "entity:NAME",
  /// "fqdn:NAME", "node:NAME" or "ip:ADDRESS".
  std::vector<std::string> workloads, peers;
  std::optional<ir::Direction> direction;  // as the workload sees it
  std::optional<ir::PortSet> ports;
  bool exposure = false;                   // also what peers that do not exist yet could do
};

using EndId = ir::Id<struct EndTag>;  // index into Connectivity::ends

/// One end of a listed connection.
struct ConnectivityEnd {
  std::string text;                      // "shop/web[Deployment]", "shop/web-1[Pod]", "10.0.0.0-10.255.255.255", "entity:host"
  std::string cluster;                   // of a remote cluster; empty: the local one
  std::string namespace_name, workload;  // empty: outside
  std::string pod;                       // set where the pods of a workload do not fare alike
  std::optional<ir::AddressSet::Interval> addresses;
  friend auto operator<=>(const ConnectivityEnd&, const ConnectivityEnd&) = default;

  [[nodiscard]] bool outside() const { return workload.empty(); }
};

struct Connection {
  EndId source, destination;
  std::optional<RequestCheck> check;  // only rules about requests admit these ports
  PortsId ports;                      // never empty
  friend auto operator<=>(const Connection&, const Connection&) = default;
};

/// What the policies of one workload would let a peer do that does not exist; the peer's own policies are not asked.
struct Exposure {
  EndId workload;
  ir::Direction direction = ir::Direction::Ingress;
  std::string peer;  // "any pod of any namespace", "any pod of namespace shop", "pods k8s:app=web", "entity:world"
  std::optional<RequestCheck> check;
  PortsId ports;
  friend auto operator<=>(const Exposure&, const Exposure&) = default;
};

/// A way from a client through a gateway to a backend, where routes lead and policy lets it pass (gateway.md section 2).
struct GatewayConnection {
  std::string source, destination;   // as the texts of ends
  std::string gateway;               // "infra/web"
  std::string listener;              // "https"
  std::uint16_t listener_port = 0;   // what the client connects to
  ir::PortMatch port;                // of the backend's pods
  std::optional<RequestCheck> check; // request rules decide, too
  friend auto operator<=>(const GatewayConnection&, const GatewayConnection&) = default;
};

/// Every allowed connection between workloads, and between them and the outside (cli.md "connectivity"):
/// - egress of the source and ingress of the destination; ports of an ICMP type are those of its code 0;
/// - a workload is one end when all its pods fare alike, else each pod is; one end with itself is not listed;
/// - an address range stands for those of its addresses that nobody of the inventory has;
/// - entity:host, remote-node, kube-apiserver and ingress are listed where they differ from every address outside, and so
///   is fqdn:NAME; with the host firewall each node is (node:NAME), because rules may differ from node to node.
/// What is unknown (an address behind a name that nobody recorded) is not listed.
struct Connectivity {
  std::vector<ConnectivityEnd> ends;    // sorted
  std::vector<Connection> connections;  // sorted by the ends' texts
  std::vector<Exposure> exposures;      // sorted, too
  std::vector<GatewayConnection> through;  // sorted
  PortsTable ports;

  [[nodiscard]] const ConnectivityEnd& end(EndId id) const { return ends[id.index]; }
};

/// Exit code 2 when the question names a workload that the inventory does not have.
[[nodiscard]] ir::Result<Connectivity> connectivity(const ir::PolicySet&, const ir::Cluster&, const ConnectivityQuestion&);

/// The peers of `--exposure`.
struct HypotheticalPeer {
  std::string text;
  ir::LabelSet labels;
  std::size_t base = 0;  // the wider peer of the list that it is compared with
  friend auto operator<=>(const HypotheticalPeer&, const HypotheticalPeer&) = default;
};
/// A pod without labels in a new namespace, one in every namespace of the inventory, and for every selector that a policy
/// names as a peer a pod with just the labels it asks for.
[[nodiscard]] std::vector<HypotheticalPeer> hypothetical_peers(const ir::PolicySet&, const ir::Cluster&);

}  // namespace weir::compiler
