#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ir/cluster/cluster.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// One identity of today that Cilium's selectors may take (policy.md 1.4 to 1.7): a pod's labels, a reserved one, or a
/// prefix that some rule names or an address that DNS gave a name.
struct MapIdentity {
  ir::LabelSet labels;
  std::optional<ir::IpPrefix> prefix;
};

/// The key of policy.md 6.1. Identity 0 is every peer; `protocol` absent is every protocol, then `port_bits` is 0.
struct MapKey {
  std::uint32_t identity = 0;  // place in CiliumMaps::identities()
  bool egress = false;
  std::optional<ir::Protocol> protocol;
  std::uint16_t port = 0;      // host byte order, bits beyond port_bits are 0
  std::uint8_t port_bits = 0;  // 0: every port; 16: one
  friend auto operator<=>(const MapKey&, const MapKey&) = default;
};

struct MapEntry {
  MapKey key;
  std::uint32_t precedence = 0;   // policy.md 6.2: level, then deny, redirect, allow
  bool deny = false;
  std::optional<ir::RuleId> by;   // absent: a default
  friend auto operator<=>(const MapEntry&, const MapEntry&) = default;
};

/// What Cilium would write into the policy map of an endpoint, after mapstate.go of Cilium 1.20 (insertWithChanges): keys
/// that a broader one of higher precedence covers are left out, and denies that another deny covers.
class CiliumMaps {
 public:
  CiliumMaps(const ir::PolicySet&, const ir::Cluster&);

  /// The first stands for every peer.
  [[nodiscard]] const std::vector<MapIdentity>& identities() const { return identities_; }
  /// The label sets of the local pods, each once: an endpoint's map depends on nothing else.
  [[nodiscard]] const std::vector<const ir::LabelSet*>& endpoints() const { return endpoints_; }
  /// At most so many entries before any is left out. Cheap.
  [[nodiscard]] std::uint64_t at_most(std::size_t endpoint);
  /// Sorted by key.
  [[nodiscard]] std::vector<MapEntry> entries(std::size_t endpoint);
  /// What the entries do not count: passes, names without a known address, cloud groups, CIDRs that match pods or nodes.
  /// Sorted.
  [[nodiscard]] std::vector<std::string> left_out() const;

 private:
  struct RuleEntries {
    std::vector<std::uint32_t> identities;
    std::vector<MapKey> ports;  // identity 0
  };
  void add_identities();
  void add_prefixes();
  [[nodiscard]] const RuleEntries& of_rule(ir::RuleId);
  void index_selectors();
  [[nodiscard]] std::vector<std::uint32_t> matched(const ir::Rule&) const;
  void add_peer(const ir::Peer&, std::vector<std::uint32_t>& into) const;
  void add_cidr(const ir::CidrPeer&, std::vector<std::uint32_t>& into) const;
  void add_names(const ir::FqdnPeer&, std::vector<std::uint32_t>& into) const;
  [[nodiscard]] std::vector<MapEntry> defaults(std::size_t endpoint) const;
  [[nodiscard]] std::uint32_t precedence(const ir::Rule&) const;

  const ir::PolicySet& policies_;
  const ir::Cluster& cluster_;
  std::vector<MapIdentity> identities_;
  std::uint32_t first_world_ = 0, first_prefix_ = 0;  // the world's stand before those of pods, prefixes last and sorted
  std::vector<const ir::LabelSet*> endpoints_;
  std::vector<std::vector<ir::RuleId>> selected_;   // by endpoint
  std::vector<std::pair<ir::Tier, std::int32_t>> levels_;
  std::vector<std::optional<RuleEntries>> rules_;   // made when asked for
  std::map<ir::Selector, std::vector<std::uint32_t>> by_selector_;  // the identities that a peer's selector takes
};

[[nodiscard]] std::string to_text(const MapKey&, const CiliumMaps&);

}  // namespace weir::compiler
