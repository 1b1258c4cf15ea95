// networking.k8s.io/v1 NetworkPolicy (policy.md 7.1 to 7.3), with the checks of the API server's
// pkg/apis/networking/validation.

#include "compiler/api/cidr.h"
#include "compiler/api/meta.h"
#include "compiler/api/pod_spec.h"
#include "compiler/api/port_name.h"
#include "compiler/api/readers.h"
#include "compiler/api/tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField};
constexpr Field kSpecFields[] = {{"egress"}, {"ingress"}, {"podSelector"}, {"policyTypes"}};
constexpr Field kIngressFields[] = {{"from"}, {"ports"}};
constexpr Field kEgressFields[] = {{"ports"}, {"to"}};
constexpr Field kPeerFields[] = {{"ipBlock"}, {"namespaceSelector"}, {"podSelector"}};
constexpr Field kPortFields[] = {{"endPort"}, {"port"}, {"protocol"}};
constexpr Field kIpBlockFields[] = {{"cidr"}, {"except"}};

NetworkPolicyPeer read_peer(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kNetworkPolicyPeerTable, diagnostics);
  const auto selector = [&](const Node& item) {
    return read_label_selector(item, SelectorSyntax::Kubernetes, diagnostics);
  };
  NetworkPolicyPeer out;
  out.span = node.span;
  out.pods = reader.object("podSelector", selector);
  out.namespaces = reader.object("namespaceSelector", selector);
  out.ip_block = reader.object("ipBlock", [&](const Node& item) {
    return read_cidr_block(FieldReader(item, kIpBlockTable, diagnostics), ExceptRule::StrictlyInside);
  });
  if (out.ip_block && (out.pods || out.namespaces))
    reader.report(ir::Code::ExclusiveFields, reader.span("ipBlock"),
                  "`ipBlock` excludes `podSelector` and `namespaceSelector` in one peer",
                  "give each a list item of its own");
  if (node.kind == NodeKind::Mapping && !out.ip_block && !out.pods && !out.namespaces)
    reader.report(ir::Code::MissingField, node.span, "a peer needs `podSelector`, `namespaceSelector` or `ipBlock`",
                  "write `podSelector: {}` for every pod of the namespace");
  return out;
}

/// port and endPort as a range; the whole range of the protocol when port is absent (policy.md 7.3).
ir::PortRange read_range(const FieldReader& reader, std::string& name) {
  const auto port = reader.int_or_string("port");
  const auto end = reader.integer("endPort", 1, 65535);
  if (!port) {
    if (end && !reader.has("port"))
      reader.report(ir::Code::MissingField, end->span, "`endPort` needs `port`");
    return {};
  }
  if (!port->value.number) {
    name = read_port_name(reader, *port, reader.has("endPort")).value_or("");
    return {};
  }
  const std::int64_t first = *port->value.number;
  if (first < 1 || first > 65535) {
    reader.report(ir::Code::InvalidValue, port->span, "`port` must be 1 to 65535, not " + std::to_string(first));
    return {};
  }
  if (end && end->value < first)
    reader.report(ir::Code::InvalidValue, end->span, "`endPort` must not be less than `port`");
  return {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(end ? end->value : first)};
}

PortSpec read_port(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kNetworkPolicyPortTable, diagnostics);
  PortSpec out;
  out.protocol = read_transport_protocol(reader);
  out.ports = read_range(reader, out.name);
  out.span = node.span;
  return out;
}

NetworkPolicyRule read_rule(const Node& node, const FieldTable& table, std::string_view peers,
                            ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, table, diagnostics);
  NetworkPolicyRule out;
  out.span = node.span;
  out.peers = reader.list<NetworkPolicyPeer>(peers, [&](const Node& item) { return read_peer(item, diagnostics); });
  out.ports = reader.list<PortSpec>("ports", [&](const Node& item) { return read_port(item, diagnostics); });
  return out;
}

// policy.md 7.1: absent policyTypes means Ingress, and Egress when there is an egress rule.
void read_types(const FieldReader& spec, NetworkPolicy& out) {
  const auto types = spec.strings("policyTypes");
  if (!types || types->empty()) {
    out.isolates_egress = out.egress && !out.egress->empty();
    return;
  }
  out.types_span = spec.span("policyTypes");
  out.isolates_ingress = out.isolates_egress = false;
  for (const auto& type : *types) {
    out.isolates_ingress = out.isolates_ingress || type.value == "Ingress";
    out.isolates_egress = out.isolates_egress || type.value == "Egress";
    if (type.value != "Ingress" && type.value != "Egress") {
      const std::string near = nearest(type.value, {"Ingress", "Egress"});
      spec.report(ir::Code::InvalidValue, type.span, "`policyTypes` holds `Ingress` and `Egress`, not " + show(type.value),
                  near.empty() ? "" : "write `" + near + "`");
    }
  }
}

void read_spec(const Node& node, NetworkPolicy& out, ir::Diagnostics& diagnostics) {
  const FieldReader spec(node, kNetworkPolicySpecTable, diagnostics);
  if (const Node* subject = spec.get("podSelector"))
    out.subject = read_label_selector(*subject, SelectorSyntax::Kubernetes, diagnostics);
  out.ingress = spec.list<NetworkPolicyRule>("ingress", [&](const Node& item) {
    return read_rule(item, kNetworkPolicyIngressTable, "from", diagnostics);
  });
  out.egress = spec.list<NetworkPolicyRule>("egress", [&](const Node& item) {
    return read_rule(item, kNetworkPolicyEgressTable, "to", diagnostics);
  });
  read_types(spec, out);
}

}  // namespace

const FieldTable kNetworkPolicyTable{"NetworkPolicy", kFields};
const FieldTable kNetworkPolicySpecTable{"NetworkPolicySpec", kSpecFields};
const FieldTable kNetworkPolicyIngressTable{"NetworkPolicyIngressRule", kIngressFields};
const FieldTable kNetworkPolicyEgressTable{"NetworkPolicyEgressRule", kEgressFields};
const FieldTable kNetworkPolicyPeerTable{"NetworkPolicyPeer", kPeerFields};
const FieldTable kNetworkPolicyPortTable{"NetworkPolicyPort", kPortFields};
const FieldTable kIpBlockTable{"IPBlock", kIpBlockFields};

void read_network_policy(const Document& document, PolicyObjects& out, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kNetworkPolicyTable, diagnostics);
  NetworkPolicy policy;
  policy.meta = read_meta(top, document, Scope::Namespaced);
  policy.types_span = policy.meta.origin;
  // The API server takes a policy without spec: it selects every pod and allows no ingress.
  if (const Node* spec = top.get("spec")) read_spec(*spec, policy, diagnostics);
  out.network_policies.push_back(std::move(policy));
}

}  // namespace weir::compiler
