#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ir/flow/flow.h"
#include "ir/policy/policy_set.h"
#include "ir/sets/address_set.h"
#include "ir/sets/label_box.h"
#include "ir/sets/pod_universe.h"
#include "ir/sets/port_set.h"

namespace weir::compiler {

/// One sort of end that a connection may have: a pod (number 0) or one of the fixed label sets of policy.md 1.4 and 1.5.
struct EndKind {
  std::string entity;     // as a party is written: "host", "world" ...; empty for pods
  ir::EndpointKind kind = ir::EndpointKind::Other;
  ir::LabelSet labels;    // what a pod sees of it; empty for pods
  bool addressed = false; // its address can matter to a CIDR peer (policy.md 2.6)
  ir::AddressSet addresses;  // those it may have, when addressed
};

/// Some of the ends of one kind, as a product of labels and addresses.
struct EndBox {
  std::uint32_t kind = 0;    // index into Space::kinds
  ir::LabelBox labels;       // pods only
  ir::AddressSet addresses;  // kinds that are addressed only
  friend auto operator<=>(const EndBox&, const EndBox&) = default;
};

/// Some connections, as a product.
struct ConnectionBox {
  EndBox source, destination;
  ir::PortSet ports;
  friend auto operator<=>(const ConnectionBox&, const ConnectionBox&) = default;
};

/// One end that may exist and how to write it down.
struct EndWitness {
  ir::Endpoint endpoint;
  std::string party;               // cli.md "Naming a party"
  std::vector<std::string> notes;  // what the party's text cannot say
};

/// Whom a peer matches for sure, or at most: names, groups and labels of nodes are known only to others (policy.md 5.6,
/// 2.10, 2.8).
enum class Reading : std::uint8_t { May, Sure };

/// Every connection that may exist around one cluster: over all label sets, not only today's pods.
class Space {
 public:
  explicit Space(const ir::Cluster&);

  [[nodiscard]] const ir::PodUniverse& pods() const { return pods_; }
  [[nodiscard]] const std::vector<EndKind>& kinds() const { return kinds_; }
  [[nodiscard]] const ir::Cluster& cluster() const { return cluster_; }

  /// All ends, one box for each kind.
  [[nodiscard]] std::vector<EndBox> everyone() const;
  [[nodiscard]] std::optional<EndBox> pods_of(const ir::Selector&) const;
  [[nodiscard]] std::vector<EndBox> ends_of(const ir::Peer&, Reading) const;
  /// The peers of a rule; absent means everyone (policy.md 3.6).
  [[nodiscard]] std::vector<EndBox> peers_of(const ir::Rule&, Reading) const;
  /// Whether the selector matches an end with these labels that is no pod.
  [[nodiscard]] bool selects(const ir::Selector&, const ir::LabelSet&, Reading) const;

  [[nodiscard]] bool empty(const EndBox&) const;
  [[nodiscard]] bool overlaps(const EndBox&, const EndBox&) const;
  [[nodiscard]] std::optional<EndBox> intersect(const EndBox&, const EndBox&) const;
  [[nodiscard]] bool inside(const EndBox& inner, const EndBox& outer) const;
  [[nodiscard]] std::vector<EndBox> subtract(const EndBox&, const EndBox&) const;

  [[nodiscard]] bool overlaps(const ConnectionBox&, const ConnectionBox&) const;
  [[nodiscard]] std::optional<ConnectionBox> intersect(const ConnectionBox&, const ConnectionBox&) const;
  [[nodiscard]] std::vector<ConnectionBox> subtract(const ConnectionBox&, const ConnectionBox&) const;

  [[nodiscard]] std::optional<EndWitness> witness(const EndBox&) const;

 private:
  void add_kind(std::string entity, ir::EndpointKind, ir::LabelSet, bool addressed, ir::AddressSet);
  [[nodiscard]] EndWitness pod_witness(const EndBox&) const;
  [[nodiscard]] EndWitness other_witness(const EndBox&) const;
  [[nodiscard]] std::optional<ir::IpAddress> pick_address(const EndBox&) const;

  const ir::Cluster& cluster_;
  ir::PodUniverse pods_;
  std::vector<EndKind> kinds_;
  ir::AddressSet inventory_;  // addresses that pods and nodes have today
  ir::AddressSet special_;    // outside addresses that have a name or an API server today
};

/// One connection that may exist.
struct ConnectionWitness {
  ir::Flow flow;
  EndWitness source, destination;
};

[[nodiscard]] std::optional<ConnectionWitness> witness(const Space&, const ConnectionBox&);

/// The witness in the plainest words. Where CIDRs match pods or nodes (policy.md 2.6), an address that the text of a party does
/// not have may decide: an end of which that is so says it, others lose their address. An address outside is an API server only
/// where that decides. `same`: whether a connection is answered as this one.
void settle(const ir::Cluster&, ConnectionWitness&, const std::function<bool(const ir::Flow&)>& same);

}  // namespace weir::compiler
