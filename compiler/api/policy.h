#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/api/meta.h"
#include "compiler/api/selector.h"
#include "ir/base/ip.h"
#include "ir/base/ports.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// ipBlock and one item of fromCIDR, toCIDR, fromCIDRSet, toCIDRSet.
struct CidrBlock {
  ir::IpPrefix cidr;
  std::vector<ir::IpPrefix> except;
  ir::Span span;
  friend auto operator<=>(const CidrBlock&, const CidrBlock&) = default;
};

/// networking.k8s.io/v1 NetworkPolicyPeer: ip_block alone, or at least one selector.
struct NetworkPolicyPeer {
  std::optional<LabelSelector> pods, namespaces;
  std::optional<CidrBlock> ip_block;
  ir::Span span;
  friend auto operator<=>(const NetworkPolicyPeer&, const NetworkPolicyPeer&) = default;
};

struct NetworkPolicyRule {
  std::optional<std::vector<NetworkPolicyPeer>> peers;  // absent and empty: any peer (policy.md 7.2)
  std::optional<std::vector<ir::PortMatch>> ports;      // absent and empty: everything
  ir::Span span;
  friend auto operator<=>(const NetworkPolicyRule&, const NetworkPolicyRule&) = default;
};

struct NetworkPolicy {
  ObjectMeta meta;
  LabelSelector subject;
  std::optional<std::vector<NetworkPolicyRule>> ingress, egress;
  bool isolates_ingress = true, isolates_egress = false;  // policyTypes, default applied (policy.md 7.1)
  ir::Span types_span;                                    // policyTypes, else metadata.name
  friend auto operator<=>(const NetworkPolicy&, const NetworkPolicy&) = default;
};

/// One element of ingress, ingressDeny, egress or egressDeny of a CiliumNetworkPolicy. At most one peer field is not empty.
struct CiliumElement {
  std::optional<std::vector<LabelSelector>> endpoints;
  std::optional<std::vector<CidrBlock>> cidrs;      // fromCIDR, toCIDR
  std::optional<std::vector<CidrBlock>> cidr_set;   // fromCIDRSet, toCIDRSet
  std::optional<std::vector<Located<std::string>>> entities;
  /// toPorts flattened: absent when toPorts is absent or []; empty when no port rule names a port (policy.md 3.6).
  std::optional<std::vector<ir::PortMatch>> ports;
  std::optional<std::vector<ir::PortMatch>> icmps;
  std::vector<std::string> assumptions;  // derived rows of policy.md 3.6 that this element was read by
  ir::Span span;
  friend auto operator<=>(const CiliumElement&, const CiliumElement&) = default;
};

using CiliumElements = std::optional<std::vector<CiliumElement>>;

/// `spec`, or one item of `specs`.
struct CiliumRule {
  LabelSelector subject;
  CiliumElements ingress, ingress_deny, egress, egress_deny;
  std::optional<bool> default_deny_ingress, default_deny_egress;  // enableDefaultDeny
  ir::Span span;
  friend auto operator<=>(const CiliumRule&, const CiliumRule&) = default;
};

struct CiliumNetworkPolicy {
  ObjectMeta meta;
  std::vector<CiliumRule> rules;
  friend auto operator<=>(const CiliumNetworkPolicy&, const CiliumNetworkPolicy&) = default;
};

/// In the order of the input. Objects in which an error was found are left out.
struct PolicyObjects {
  std::vector<NetworkPolicy> network_policies;
  std::vector<CiliumNetworkPolicy> cilium_network_policies;
  friend auto operator<=>(const PolicyObjects&, const PolicyObjects&) = default;
};

}  // namespace weir::compiler
