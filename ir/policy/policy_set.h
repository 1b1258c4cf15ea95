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
#include "ir/policy/l7.h"

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

/// A peer by the names that DNS gave its address (policy.md 5.6). Like a CIDR it matches nothing inside the cluster. An
/// outside address without a recorded name is unknown.
struct FqdnPeer {
  NamePattern name;
  bool needs_lookup = true;  // the subject must be let look the name up (issue 11767); a ClusterNetworkPolicy sees to it itself
  friend auto operator<=>(const FqdnPeer&, const FqdnPeer&) = default;
};

/// A peer that only somebody else can resolve, such as a cloud provider's group (policy.md 2.10): always unknown outside.
struct UnresolvedPeer {
  std::string what;  // for people: "AWS group"
  friend auto operator<=>(const UnresolvedPeer&, const UnresolvedPeer&) = default;
};

using Peer = std::variant<SelectorPeer, CidrPeer, FqdnPeer, UnresolvedPeer>;

/// authentication.mode (policy.md 3.11), Cilium's numbers.
enum class Auth : std::uint8_t { Unset = 0, Disabled = 1, Required = 2, AlwaysFail = 3 };
[[nodiscard]] std::string_view to_text(Auth);  // "", "disabled", "required", "test-always-fail"

/// One protocol and its destination ports. For ICMP and ICMPv6 the range is of types, whatever the code; type 0 of ICMP is
/// already 0..65535 here when `derived.icmp_type_zero_is_all` is on (resolve does it, policy.md 3.9).
struct PortMatch {
  Protocol protocol = Protocol::Tcp;
  PortRange ports;
  friend auto operator<=>(const PortMatch&, const PortMatch&) = default;
};

/// One element of a rule list after resolution: an Entry of policy.md 4.1. A plain value. One element becomes several
/// rules with the same policy, direction and index where its parts differ: a port rule with request rules of its own, the
/// numbers of a named port (whose pods carry the label of named_port_label), subjects of which some are in audit.
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
  Auth auth = Auth::Unset;                    // of an Allow
  std::optional<L7Rules> l7;                  // of an Allow: what its requests must be
  bool conflict = false;                      // Cilium cannot compute it beside another (policy.md 3.13): unknown where it decides
  bool audit = false;                         // evaluated and reported, not enforced (label weir.dev/enforcement)
  bool default_deny = true;                   // isolates its subject in this direction (policy.md 4.1)
  std::uint32_t index = 0;                    // of the element in its list, as written
  std::vector<std::string> assumptions;       // named switches this entry exists or is read by; sorted
  Span origin;                                // the element in the file
  friend auto operator<=>(const Rule&, const Rule&) = default;
};

struct PolicyObject {
  std::string kind, namespace_name, name;
  Span origin;          // metadata.name
  std::string cluster;  // of a remote cluster; empty: the local one
  std::string log;      // policy.md 3.2, shown with its flows
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
