#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ir/base/files.h"
#include "ir/base/id.h"
#include "ir/base/ip.h"
#include "ir/base/ports.h"
#include "ir/base/span.h"
#include "ir/cluster/selector.h"
#include "ir/flow/rule_ref.h"

namespace weir::ir {

using PolicyId = Id<struct PolicyTag>;  // index into PolicySet::policies

/// policy.md 3.2; the numbers order the tiers.
enum class Tier : std::uint8_t { Admin = 100, Normal = 200, Baseline = 250 };

/// A peer by labels. Entities are lists of these (policy.md 2.7); the empty selector is the entity `all`.
struct SelectorPeer {
  Selector selector;
  friend auto operator<=>(const SelectorPeer&, const SelectorPeer&) = default;
};

/// A peer by address (policy.md 2.6): inside `cidr`, inside none of `except`, and of a class that CIDRs may match.
struct CidrPeer {
  IpPrefix cidr;
  std::vector<IpPrefix> except;  // sorted
  friend auto operator<=>(const CidrPeer&, const CidrPeer&) = default;
};

using Peer = std::variant<SelectorPeer, CidrPeer>;

/// One protocol and its destination ports. For ICMP and ICMPv6 the range is of types, whatever the code; type 0 of ICMP is
/// already 0..65535 here when `derived.icmp_type_zero_is_all` is on (resolve does it, policy.md 3.9).
struct PortMatch {
  Protocol protocol = Protocol::Tcp;
  PortRange ports;
  friend auto operator<=>(const PortMatch&, const PortMatch&) = default;
};

/// One element of a rule list after resolution: an Entry of policy.md 4.1. A plain value.
struct Rule {
  PolicyId policy;
  Tier tier = Tier::Normal;
  std::int32_t priority = 0;                  // ascending inside a tier
  Direction direction = Direction::Ingress;
  Action action = Action::Allow;
  Selector subject;                           // namespace already ANDed in (policy.md 2.5)
  bool subject_is_node = false;
  std::optional<std::vector<Peer>> peers;     // absent: any peer, world and host too; empty: nobody (policy.md 3.6)
  std::optional<std::vector<PortMatch>> ports;  // absent: every port and protocol; empty: none
  bool default_deny = true;                   // isolates its subject in this direction (policy.md 4.1)
  std::uint32_t index = 0;                    // of the element in its list, as written
  std::vector<std::string> assumptions;       // named switches this entry exists or is read by; sorted
  Span origin;                                // the element in the file
  friend auto operator<=>(const Rule&, const Rule&) = default;
};

struct PolicyObject {
  std::string kind, namespace_name, name;
  Span origin;  // metadata.name
  friend auto operator<=>(const PolicyObject&, const PolicyObject&) = default;
};

/// Every rule of a run. `rules` is sorted by (tier, priority, policy kind, namespace, name, direction, index); RuleId is
/// the place in it. A rule that only isolates (policyTypes with no rules; `ingress: [{}]` in a CiliumNetworkPolicy) is an
/// Allow with empty `peers`.
struct PolicySet {
  std::vector<PolicyObject> policies;
  std::vector<Rule> rules;
  friend auto operator<=>(const PolicySet&, const PolicySet&) = default;

  [[nodiscard]] const Rule& rule(RuleId id) const { return rules[id.index]; }
  [[nodiscard]] const PolicyObject& policy(RuleId id) const { return policies[rules[id.index].policy.index]; }
};

[[nodiscard]] RuleRef rule_ref(const PolicySet&, const Files&, RuleId);
[[nodiscard]] std::string to_text(const Peer&);
[[nodiscard]] std::string to_text(const PortMatch&);  // "TCP/8080", "TCP/8080-8090", "TCP", "ICMP type 8"
[[nodiscard]] std::string to_text(const Rule&, const PolicySet&);
/// --emit policy: every rule in decision order.
[[nodiscard]] std::string to_text(const PolicySet&);

}  // namespace weir::ir
