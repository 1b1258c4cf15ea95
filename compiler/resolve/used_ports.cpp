#include "compiler/resolve/used_ports.h"

#include "compiler/resolve/admin_names.h"

namespace weir::compiler {
namespace {

using Names = std::set<std::string>;

void add(const std::vector<PortSpec>& ports, Names& out) {
  for (const PortSpec& port : ports)
    if (!port.name.empty()) out.insert(port.name);
}

void add(const std::optional<std::vector<NetworkPolicyRule>>& rules, Names& out) {
  if (!rules) return;
  for (const NetworkPolicyRule& rule : *rules)
    if (rule.ports) add(*rule.ports, out);
}

void add(const CiliumElements& elements, Names& out) {
  if (!elements) return;
  for (const CiliumElement& element : *elements) {
    if (!element.port_rules) continue;
    for (const CiliumPortRule& rule : *element.port_rules) add(rule.ports, out);
  }
}

}  // namespace

std::set<std::string> used_port_names(const PolicyObjects& objects) {
  Names out;
  for (const NetworkPolicy& policy : objects.network_policies) {
    add(policy.ingress, out);
    add(policy.egress, out);
  }
  for (const CiliumNetworkPolicy& policy : objects.cilium_network_policies)
    for (const CiliumRule& rule : policy.rules)
      for (const CiliumElements* elements : {&rule.ingress, &rule.ingress_deny, &rule.egress, &rule.egress_deny})
        add(*elements, out);
  add_port_names(objects.admin_policies, out);
  return out;
}

void add_port_labels(const std::set<std::string>& used, ir::Pod& pod) {
  if (used.empty() || pod.host_network) return;
  for (const ir::ContainerPort& port : pod.ports)
    if (used.contains(port.name)) pod.labels.set(ir::named_port_label(port.name, port.protocol, port.port));
}

}  // namespace weir::compiler
