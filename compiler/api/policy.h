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

/// ipBlock and one item of fromCIDR, toCIDR, fromCIDRSet, toCIDRSet. With `group` or `groups`, `cidr` means nothing.
struct CidrBlock {
  ir::IpPrefix cidr;
  std::vector<ir::IpPrefix> except;
  ir::Span span;
  std::optional<std::string> group;    // cidrGroupRef
  std::optional<LabelSelector> groups; // cidrGroupSelector
  friend auto operator<=>(const CidrBlock&, const CidrBlock&) = default;
};

/// One port of a rule. With a name, `ports` means nothing (policy.md 3.8).
struct PortSpec {
  ir::Protocol protocol = ir::Protocol::Tcp;
  ir::PortRange ports;
  std::string name;  // lower case
  ir::Span span;
  friend auto operator<=>(const PortSpec&, const PortSpec&) = default;
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
  std::optional<std::vector<PortSpec>> ports;           // absent and empty: everything
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

/// One item of toServices (policy.md 2.9): by name, or by the labels of the Service.
struct CiliumService {
  std::string name, namespace_name;  // namespace empty: any
  std::optional<LabelSelector> selector;
  ir::Span span;
  friend auto operator<=>(const CiliumService&, const CiliumService&) = default;
};

/// One item of toPorts.
struct CiliumPortRule {
  std::vector<PortSpec> ports;         // empty: matches no port (policy.md 3.6, derived)
  std::optional<ir::L7Rules> l7;       // absent: no rule about requests
  ir::Span span;
  friend auto operator<=>(const CiliumPortRule&, const CiliumPortRule&) = default;
};

/// One element of ingress, ingressDeny, egress or egressDeny of a CiliumNetworkPolicy. At most one peer field is not empty.
struct CiliumElement {
  std::optional<std::vector<LabelSelector>> endpoints;
  std::optional<std::vector<CidrBlock>> cidrs;      // fromCIDR, toCIDR
  std::optional<std::vector<CidrBlock>> cidr_set;   // fromCIDRSet, toCIDRSet
  std::optional<std::vector<Located<std::string>>> entities;
  std::optional<std::vector<LabelSelector>> nodes;  // fromNodes, toNodes
  std::optional<std::vector<LabelSelector>> requirements;  // fromRequires, toRequires (policy.md 3.4)
  std::optional<std::vector<CiliumService>> services;
  std::optional<std::vector<Located<ir::NamePattern>>> fqdns;
  std::optional<std::vector<Located<std::string>>> groups;  // toGroups, fromGroups: for people, "AWS group sg-1"
  /// toPorts: absent when it is absent or [].
  std::optional<std::vector<CiliumPortRule>> port_rules;
  std::optional<std::vector<ir::PortMatch>> icmps;
  ir::Auth auth = ir::Auth::Unset;
  ir::Span span;
  friend auto operator<=>(const CiliumElement&, const CiliumElement&) = default;
};

using CiliumElements = std::optional<std::vector<CiliumElement>>;

/// `spec`, or one item of `specs`.
struct CiliumRule {
  LabelSelector subject;
  bool on_nodes = false;  // nodeSelector
  std::string log;        // log.value (policy.md 3.2)
  CiliumElements ingress, ingress_deny, egress, egress_deny;
  std::optional<bool> default_deny_ingress, default_deny_egress;  // enableDefaultDeny
  ir::Span span;
  friend auto operator<=>(const CiliumRule&, const CiliumRule&) = default;
};

/// CiliumNetworkPolicy, or CiliumClusterwideNetworkPolicy when `meta.namespace_name` is empty.
struct CiliumNetworkPolicy {
  ObjectMeta meta;
  std::vector<CiliumRule> rules;
  friend auto operator<=>(const CiliumNetworkPolicy&, const CiliumNetworkPolicy&) = default;
};

/// cilium.io CiliumCIDRGroup.
struct CidrGroup {
  ObjectMeta meta;
  std::vector<ir::IpPrefix> cidrs;
  friend auto operator<=>(const CidrGroup&, const CidrGroup&) = default;
};

/// `namespaces: SELECTOR`, or `pods: {namespaceSelector, podSelector}`. An empty selector selects everything (policy.md 8.3).
struct AdminPods {
  LabelSelector namespaces;
  std::optional<LabelSelector> pods;  // absent: written as `namespaces`
  ir::Span span;
  friend auto operator<=>(const AdminPods&, const AdminPods&) = default;
};

/// One item of from or to: exactly one is set.
struct AdminPeer {
  std::optional<AdminPods> pods;
  std::optional<LabelSelector> nodes;
  std::optional<std::vector<CidrBlock>> networks;
  std::optional<std::vector<Located<ir::NamePattern>>> names;  // domainNames; `*.` is any number of labels here
  std::string unknown;  // a field of some later version (policy.md 8.7)
  ir::Span span;
  friend auto operator<=>(const AdminPeer&, const AdminPeer&) = default;
};

struct AdminRule {
  std::string name;
  ir::Action action = ir::Action::Deny;
  std::vector<AdminPeer> peers;
  std::optional<std::vector<PortSpec>> ports;  // absent: everything
  ir::Span span;
  friend auto operator<=>(const AdminRule&, const AdminRule&) = default;
};

/// AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy of policy.networking.k8s.io, by `meta.kind`.
struct AdminPolicy {
  ObjectMeta meta;
  ir::Tier tier = ir::Tier::Admin;
  std::int32_t priority = 0;  // 0 to 1000, ascending; of a BaselineAdminNetworkPolicy 0
  ir::Span priority_span;
  AdminPods subject;
  std::optional<std::vector<AdminRule>> ingress, egress;
  friend auto operator<=>(const AdminPolicy&, const AdminPolicy&) = default;
};

/// In the order of the input. Objects in which an error was found are left out.
struct PolicyObjects {
  std::vector<NetworkPolicy> network_policies;
  std::vector<CiliumNetworkPolicy> cilium_network_policies;  // and cluster-wide ones
  std::vector<CidrGroup> cidr_groups;
  std::vector<AdminPolicy> admin_policies;
  friend auto operator<=>(const PolicyObjects&, const PolicyObjects&) = default;
};

}  // namespace weir::compiler
