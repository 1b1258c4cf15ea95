#include "compiler/api/emit.h"

#include "compiler/api/emit_gateway.h"

namespace weir::compiler {
namespace {

std::string map_text(const StringMap& map) {
  std::string text = "{";
  for (const auto& [key, value] : map) text += (text.size() > 1 ? ", " : "") + key + ": " + value;
  return text + "}";
}

/// "absent", "[]", or the items.
template <class T, class Text>
std::string list_text(const std::optional<std::vector<T>>& list, Text&& text_of) {
  if (!list) return "absent";
  std::string text = "[";
  for (const T& item : *list) text += (text.size() > 1 ? ", " : "") + text_of(item);
  return text + "]";
}

std::string block_text(const CidrBlock& block) {
  std::string text = block.group ? "group " + *block.group : block.groups ? "groups " + selector_text(*block.groups) : ir::to_text(block.cidr);
  for (const ir::IpPrefix& except : block.except) text += " except " + ir::to_text(except);
  return text;
}

std::string match_text(const ir::PortMatch& match) { return ir::to_text(match); }

std::string port_text(const PortSpec& port) {
  return port.name.empty() ? ir::to_text(ir::PortMatch{port.protocol, port.ports}) : ir::to_text(port.protocol) + "/" + port.name;
}

std::string port_rule_text(const CiliumPortRule& rule) {
  std::string text;
  for (const PortSpec& port : rule.ports) text += (text.empty() ? "" : " ") + port_text(port);
  if (text.empty()) text = "none";
  return rule.l7 ? text + " (" + ir::to_text(*rule.l7) + ")" : text;
}

std::string service_text(const CiliumService& service) {
  return (service.namespace_name.empty() ? "*" : service.namespace_name) + "/" +
         (service.selector ? selector_text(*service.selector) : service.name);
}

std::string spec_text(const PodSpec& spec, const Bandwidth& bandwidth) {
  std::string text = " serviceaccount " + spec.service_account;
  if (!spec.node.empty()) text += " node " + spec.node;
  if (spec.host_network) text += " hostnetwork";
  for (const ContainerPortSpec& port : spec.ports)
    text += " port " + ir::to_text(port.protocol) + "/" + std::to_string(port.port) + (port.name.empty() ? "" : "=" + port.name);
  if (bandwidth.egress) text += " egress " + std::to_string(*bandwidth.egress) + " bit/s";
  if (bandwidth.ingress) text += " ingress " + std::to_string(*bandwidth.ingress) + " bit/s";
  return text;
}

template <class T>
std::string addresses_text(const std::vector<T>& addresses) {
  std::string text;
  for (const auto& address : addresses) text += " " + ir::to_text(address);
  return text;
}

void append_inventory(const InventoryObjects& inventory, std::string& text) {
  for (const auto& o : inventory.namespaces) text += object_text(o.meta) + " labels " + map_text(o.meta.labels) + "\n";
  for (const auto& o : inventory.pods)
    text += object_text(o.meta) + " labels " + map_text(o.meta.labels) + spec_text(o.spec, o.bandwidth) +
            addresses_text(o.addresses) + (o.ready ? "" : " not-ready") + (o.finished ? " finished" : "") + "\n";
  for (const auto& o : inventory.workloads)
    text += object_text(o.meta) + " replicas " + std::to_string(o.replicas) + " labels " + map_text(o.template_labels) +
            spec_text(o.spec, o.bandwidth) + "\n";
  for (const auto& o : inventory.nodes) text += object_text(o.meta) + addresses_text(o.addresses) + "\n";
  for (const auto& o : inventory.services) {
    text += object_text(o.meta) + " " + o.type + " selector " + (o.selector ? map_text(*o.selector) : "absent") +
            addresses_text(o.cluster_ips);
    for (const ServicePortSpec& port : o.ports)
      text += " port " + ir::to_text(port.protocol) + "/" + std::to_string(port.port) +
              (port.target.empty() ? "" : "->" + port.target) + (port.name.empty() ? "" : "=" + port.name);
    text += "\n";
  }
}

void append_endpoints(const InventoryObjects& inventory, std::string& text) {
  for (const EndpointsObject& o : inventory.endpoints) {
    text += object_text(o.meta) + " of " + (o.service.empty() ? "no service" : o.service) + addresses_text(o.addresses);
    for (const ContainerPortSpec& port : o.ports)
      text += " port " + ir::to_text(port.protocol) + "/" + std::to_string(port.port) + (port.name.empty() ? "" : "=" + port.name);
    text += "\n";
  }
  for (const SecretObject& o : inventory.secrets) text += object_text(o.meta) + (o.value ? "" : " has not one item") + "\n";
}

std::string peer_text(const NetworkPolicyPeer& peer) {
  if (peer.ip_block) return block_text(*peer.ip_block);
  std::string text;
  if (peer.namespaces) text += "namespaces " + selector_text(*peer.namespaces);
  if (peer.pods) text += (text.empty() ? "pods " : " pods ") + selector_text(*peer.pods);
  return text;
}

void append_rules(std::string_view side, const std::optional<std::vector<NetworkPolicyRule>>& rules, std::string& text) {
  if (!rules || rules->empty()) text += "  " + std::string(side) + (rules ? ": []\n" : ": absent\n");
  for (std::size_t i = 0; rules && i < rules->size(); ++i)
    text += "  " + std::string(side) + "[" + std::to_string(i) + "] peers " + list_text((*rules)[i].peers, peer_text) +
            " ports " + list_text((*rules)[i].ports, port_text) + "\n";
}

void append(const NetworkPolicy& policy, std::string& text) {
  text += object_text(policy.meta) + "\n  subject " + selector_text(policy.subject) + "\n  isolates" +
          (policy.isolates_ingress ? " ingress" : "") + (policy.isolates_egress ? " egress" : "") + "\n";
  append_rules("ingress", policy.ingress, text);
  append_rules("egress", policy.egress, text);
}

void append_elements(std::string_view side, const CiliumElements& elements, std::string& text) {
  if (!elements || elements->empty()) text += "  " + std::string(side) + (elements ? ": []\n" : ": absent\n");
  for (std::size_t i = 0; elements && i < elements->size(); ++i) {
    const CiliumElement& e = (*elements)[i];
    text += "  " + std::string(side) + "[" + std::to_string(i) + "] endpoints " + list_text(e.endpoints, selector_text) +
            " cidr " + list_text(e.cidrs, block_text) + " cidrset " + list_text(e.cidr_set, block_text) + " entities " +
            list_text(e.entities, [](const Located<std::string>& entity) { return entity.value; }) + " ports " +
            list_text(e.port_rules, port_rule_text) + " icmps " + list_text(e.icmps, match_text);
    if (e.nodes) text += " nodes " + list_text(e.nodes, selector_text);
    if (e.requirements) text += " requires " + list_text(e.requirements, selector_text);
    if (e.services) text += " services " + list_text(e.services, service_text);
    if (e.fqdns) text += " fqdns " + list_text(e.fqdns, [](const Located<ir::NamePattern>& name) { return name.value.text; });
    if (e.groups) text += " groups " + list_text(e.groups, [](const Located<std::string>& group) { return group.value; });
    if (e.auth != ir::Auth::Unset) text += " authentication " + std::string(ir::to_text(e.auth));
    text += "\n";
  }
}

std::string flag_text(const std::optional<bool>& flag) { return !flag ? "absent" : *flag ? "true" : "false"; }

void append(const CiliumNetworkPolicy& policy, std::string& text) {
  text += object_text(policy.meta) + "\n";
  for (const CiliumRule& rule : policy.rules) {
    text += (rule.on_nodes ? "  nodes " : "  subject ") + selector_text(rule.subject) +
            (rule.log.empty() ? "" : "\n  log " + rule.log) + "\n  enableDefaultDeny ingress " +
            flag_text(rule.default_deny_ingress) + " egress " + flag_text(rule.default_deny_egress) + "\n";
    append_elements("ingress", rule.ingress, text);
    append_elements("ingressDeny", rule.ingress_deny, text);
    append_elements("egress", rule.egress, text);
    append_elements("egressDeny", rule.egress_deny, text);
  }
}

std::string pods_text(const AdminPods& pods) {
  return "namespaces " + selector_text(pods.namespaces) + (pods.pods ? " pods " + selector_text(*pods.pods) : "");
}

std::string admin_peer_text(const AdminPeer& peer) {
  if (peer.pods) return pods_text(*peer.pods);
  if (peer.nodes) return "nodes " + selector_text(*peer.nodes);
  if (peer.networks) return "networks " + list_text(peer.networks, block_text);
  if (peer.names) return "names " + list_text(peer.names, [](const auto& name) { return name.value.text; });
  return "unknown " + peer.unknown;
}

void append_admin_rules(std::string_view side, const std::optional<std::vector<AdminRule>>& rules, std::string& text) {
  if (!rules || rules->empty()) text += "  " + std::string(side) + (rules ? ": []\n" : ": absent\n");
  for (std::size_t i = 0; rules && i < rules->size(); ++i) {
    const AdminRule& rule = (*rules)[i];
    text += "  " + std::string(side) + "[" + std::to_string(i) + "] " + std::string(ir::to_text(rule.action)) +
            (rule.name.empty() ? "" : " " + show(rule.name)) + " peers " +
            list_text(std::optional(rule.peers), admin_peer_text) + " ports " + list_text(rule.ports, port_text) + "\n";
  }
}

void append(const AdminPolicy& policy, std::string& text) {
  text += object_text(policy.meta) + (policy.tier == ir::Tier::Baseline ? " baseline " : " admin ") + std::to_string(policy.priority) +
          "\n  subject " + pods_text(policy.subject) + "\n";
  append_admin_rules("ingress", policy.ingress, text);
  append_admin_rules("egress", policy.egress, text);
}

}  // namespace

std::string object_text(const ObjectMeta& meta) {
  return meta.kind + (meta.cluster.empty() ? "" : "@" + meta.cluster) + " " + (meta.namespace_name.empty() ? "" : meta.namespace_name + "/") + meta.name;
}

// The operators of matchExpressions; matchLabels is In with one value.
std::string selector_text(const LabelSelector& selector) {
  std::string text = "{";
  for (const LabelRequirement& r : selector.requirements) {
    text += text.size() > 1 ? ", " : "";
    if (r.op == ir::Operator::DoesNotExist) text += "!";
    text += r.key;
    if (r.op == ir::Operator::Exists || r.op == ir::Operator::DoesNotExist) continue;
    text += r.op == ir::Operator::In ? " in (" : " notin (";
    for (std::size_t i = 0; i < r.values.size(); ++i) text += (i == 0 ? "" : ",") + r.values[i];
    text += ")";
  }
  return text + "}";
}

std::string to_text(const Objects& objects) {
  std::string text;
  append_inventory(objects.inventory, text);
  append_endpoints(objects.inventory, text);
  for (const NetworkPolicy& policy : objects.policies.network_policies) append(policy, text);
  for (const CiliumNetworkPolicy& policy : objects.policies.cilium_network_policies) append(policy, text);
  for (const CidrGroup& group : objects.policies.cidr_groups) text += object_text(group.meta) + addresses_text(group.cidrs) + "\n";
  for (const AdminPolicy& policy : objects.policies.admin_policies) append(policy, text);
  append_gateway(objects.gateway, text);
  for (const PolicyTest& test : objects.tests) text += "PolicyTest " + test.name + "\n";
  for (const std::string& skipped : objects.skipped) text += "skipped " + skipped + "\n";
  return text;
}

}  // namespace weir::compiler
