#pragma once

#include "compiler/api/policy.h"

namespace weir::compiler {

// The parts that AdminNetworkPolicy, BaselineAdminNetworkPolicy (v1alpha1) and ClusterNetworkPolicy (v1alpha2) share
// (policy.md 8.3, 8.6), with the checks of their CRDs in kubernetes-sigs/network-policy-api.

/// What differs between the kinds.
struct AdminApi {
  std::string_view kind;
  std::string_view allow;      // "Allow" or "Accept"
  bool has_pass = true;
  std::size_t most = 100;      // rules, peers and ports of a list
  std::string_view ports;      // the field that names ports
  const FieldTable &ingress, &egress, &ingress_peer, &egress_peer;
  PortSpec (*read_port)(const Node&, std::vector<PortSpec>& more, ir::Diagnostics&);
};

/// `ingress` or `egress` of a spec.
[[nodiscard]] std::optional<std::vector<AdminRule>> read_admin_rules(const FieldReader& spec, ir::Direction, const AdminApi&);
/// `subject` of a spec, which is required.
[[nodiscard]] AdminPods read_admin_subject(const FieldReader& spec, const FieldTable& subject);
/// `priority` of a spec, which is required.
void read_admin_priority(const FieldReader& spec, AdminPolicy& out);

/// One item of from or to.
[[nodiscard]] AdminPeer read_admin_peer(const Node&, const FieldTable&, ir::Diagnostics&);

/// One item of `ports` (v1alpha1) or `protocols` (v1alpha2). A port by name has no protocol: it becomes one PortSpec for
/// each, all but the first in `more`.
[[nodiscard]] PortSpec read_admin_port(const Node&, std::vector<PortSpec>& more, ir::Diagnostics&);
[[nodiscard]] PortSpec read_cluster_protocol(const Node&, std::vector<PortSpec>& more, ir::Diagnostics&);

/// Reports a list outside 1 to `most` elements; true when it has some.
bool check_size(const FieldReader&, std::string_view field, std::size_t most);
/// The one field of `names` that the reader's node, a mapping, has; reports none and several.
[[nodiscard]] std::string_view only_field(const FieldReader&, const Node&, const std::vector<std::string_view>& names);

}  // namespace weir::compiler
