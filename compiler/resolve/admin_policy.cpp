// AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy -> rules (policy.md section 8). They never
// isolate: what no rule decides goes on to the next tier. Tested by tests/unit/compiler/resolve/admin_policy_test.cpp.

#include "compiler/resolve/admin_policy.h"

#include <algorithm>
#include <array>

#include "compiler/resolve/selectors.h"
#include "ir/base/code.h"
#include "ir/policy/admin_priority.h"

namespace weir::compiler {
namespace {

using Peers = std::vector<ir::Peer>;

constexpr std::array kNamedProtocols = {ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp};

void report(const PolicyContext& context, ir::Code code, ir::Span span, std::string detail, std::string fix) {
  context.diagnostics.report({.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {},
                              .fix = std::move(fix), .witness = {}});
}

bool is_cilium(const ir::Settings& settings) { return settings.dialect != ir::Dialect::K8s; }

/// policy.md 8.3 upstream: every node. In Cilium never the local one, as in 2.8.
Peers node_peers(const LabelSelector& written, const ir::Settings& settings) {
  LabelSelector sourced = written;
  for (LabelRequirement& r : sourced.requirements) r.key = "node:" + r.key;
  ir::Selector remote = to_selector(sourced, SelectorSyntax::Cilium);
  ir::Selector local = remote;
  remote.add(ir::exists("reserved", "remote-node"));
  local.add(ir::exists("reserved", "host"));
  add_local_cluster(remote, settings);
  if (is_cilium(settings)) return {ir::SelectorPeer{std::move(remote)}};
  return {ir::SelectorPeer{std::move(local)}, ir::SelectorPeer{std::move(remote)}};
}

void add_peer(const AdminPeer& peer, const ir::Settings& settings, Peers& out) {
  if (peer.pods) {
    ir::Selector selector = admin_pods(*peer.pods);
    // policy.md 8.9: the cluster is added to `pods`, and not to `namespaces`.
    if (peer.pods->pods) add_local_cluster(selector, settings);
    out.push_back(ir::SelectorPeer{std::move(selector)});
  }
  if (peer.nodes)
    for (ir::Peer& node : node_peers(*peer.nodes, settings)) out.push_back(std::move(node));
  if (peer.networks)
    for (const CidrBlock& block : *peer.networks) out.push_back(ir::CidrPeer{block.cidr, {}});
  if (peer.names)
    for (const auto& name : *peer.names) out.push_back(ir::FqdnPeer{name.value, false});
}

void push(ir::Rule rule, const std::optional<std::vector<PortSpec>>& ports, const PolicyContext& context,
          std::vector<ir::Rule>& out) {
  if (ports)
    add_with_ports(std::move(rule), *ports, context.named_ports, context.settings, out);
  else
    out.push_back(std::move(rule));
}

// policy.md 8.5: Cilium lets the subject ask kube-dns for the names, and learns the answers.
void add_lookups(const ir::Rule& base, const AdminRule& written, const PolicyContext& context, std::vector<ir::Rule>& out) {
  for (const AdminPeer& peer : written.peers) {
    if (!peer.names) continue;
    ir::Rule rule = base;
    rule.peers = Peers{ir::SelectorPeer{ir::Selector{{ir::equals("any", "k8s-app", "kube-dns")}}}};
    rule.l7.emplace();
    for (const auto& name : *peer.names) rule.l7->dns.push_back(name.value);
    std::vector<PortSpec> ports;
    for (const char* name : {"dns", "dns-tcp"})
      for (const ir::Protocol protocol : kNamedProtocols) ports.push_back({protocol, {}, name, peer.span});
    push(std::move(rule), ports, context, out);
  }
}

/// policy.md 8.7: a peer of some later version: an allow admits nobody, everything else denies whoever comes. As in Cilium
/// the ports stay. False when the rule has none.
bool fail_closed(const AdminRule& written, const PolicyContext& context, ir::Rule& rule) {
  bool found = false;
  for (const AdminPeer& peer : written.peers) {
    if (peer.unknown.empty()) continue;
    found = true;
    const bool allow = written.action == ir::Action::Allow;
    report(context, ir::Code::NotInDialect, peer.span,
           "a peer by " + show(peer.unknown) + " is of some later version of the API, so this rule " +
               (allow ? "admits nobody" : "denies every peer"),
           "use `namespaces`, `pods`, `nodes`, `networks` or `domainNames`");
  }
  if (!found) return false;
  if (written.action == ir::Action::Allow) {
    rule.peers.emplace();
  } else {
    rule.action = ir::Action::Deny;
    rule.peers.reset();
  }
  return true;
}

void add_rule(const ir::Rule& base, const AdminRule& written, const PolicyContext& context, std::vector<ir::Rule>& out) {
  ir::Rule rule = base;
  rule.action = written.action;
  rule.origin = written.span;
  if (!fail_closed(written, context, rule)) {
    if (is_cilium(context.settings)) add_lookups(rule, written, context, out);
    rule.peers.emplace();
    for (const AdminPeer& peer : written.peers) add_peer(peer, context.settings, *rule.peers);
  }
  push(std::move(rule), written.ports, context, out);
}

void add_list(const AdminPolicy& policy, ir::Rule base, const PolicyContext& context, std::vector<ir::Rule>& out) {
  const auto& list = base.direction == ir::Direction::Ingress ? policy.ingress : policy.egress;
  if (!list) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    base.index = static_cast<std::uint32_t>(i);
    base.priority = policy.priority * ir::kRulesOfAPriority + static_cast<std::int32_t>(i);
    add_rule(base, (*list)[i], context, out);
  }
}

/// What makes Cilium's importer refuse the whole object.
bool is_importable(const AdminPolicy& policy, const PolicyContext& context) {
  if (!is_cilium(context.settings) || !policy.egress) return true;
  bool good = true;
  const auto need = [&](bool wrong, const AdminPeer& peer, const std::string& field, const std::string& setting) {
    if (!wrong) return;
    good = false;
    report(context, ir::Code::InvalidValue, peer.span, "a peer by `" + field + "` needs the setting `" + setting + "`",
           "set `" + setting + "=true` if the cluster has it on");
  };
  for (const AdminRule& rule : *policy.egress)
    for (const AdminPeer& peer : rule.peers) {
      need(peer.nodes && !context.settings.node_selector_labels, peer, "nodes", "node_selector_labels");
      need(peer.names && !context.settings.l7_proxy, peer, "domainNames", "l7_proxy");
    }
  return good;
}

void report_not_enforced(const AdminPolicy& policy, const PolicyContext& context) {
  const bool switchable = policy.meta.kind == "ClusterNetworkPolicy" && context.settings.dialect == ir::Dialect::Cilium120;
  report(context, ir::Code::NotInDialect, policy.meta.origin,
         policy.meta.kind + " " + show(policy.meta.name) + " is read and not enforced in dialect " +
             std::string(ir::to_text(context.settings.dialect)) +
             (switchable ? ", where the setting `k8s_cluster_network_policy` is off" : ", which does not have the kind"),
         switchable ? "set `k8s_cluster_network_policy=true` if the cluster has it on"
                    : "use dialect `k8s`, or write the rules as CiliumClusterwideNetworkPolicy");
}

/// The rule that all rules of a policy start from.
ir::Rule base_of(const AdminPolicy& policy, ir::Direction direction, const Rivals& rivals) {
  ir::Rule rule;
  rule.tier = policy.tier;
  rule.direction = direction;
  rule.subject = admin_pods(policy.subject);
  rule.default_deny = false;
  if (const auto rival = rivals.find(&policy); rival != rivals.end()) {
    const std::string &a = policy.meta.name, &b = rival->second->meta.name;
    rule.assumptions = {"policies " + show(std::min(a, b)) + " and " + show(std::max(a, b)) +
                        " have equal priority, and upstream leaves their order open"};
  }
  return rule;
}

/// Pods of today meet both; pods that may come are asked about by compiler/verify/priority_tie.cpp.
void report_rivals(const std::vector<const AdminPolicy*>& policies, const Rivals& rivals, const PolicyContext& context) {
  for (const AdminPolicy* policy : policies) {
    const auto rival = rivals.find(policy);
    if (rival == rivals.end() || rival->second->priority_span > policy->priority_span) continue;
    report(context, ir::Code::PriorityTie, policy->priority_span,
           "priority " + std::to_string(policy->priority) + " is also that of " + show(rival->second->meta.name) +
               ", which selects the same pods; dialect k8s does not say which of the two goes first",
           "give each policy a priority of its own");
  }
}

/// The policies of this cluster that count.
std::vector<const AdminPolicy*> enforced_policies(const PolicyContext& context) {
  std::vector<const AdminPolicy*> out;
  for (const AdminPolicy& policy : context.objects.admin_policies) {
    if (policy.meta.cluster != context.cluster_name) continue;
    if (!is_enforced(policy, context.settings))
      report_not_enforced(policy, context);
    else if (is_importable(policy, context))
      out.push_back(&policy);
  }
  return out;
}

}  // namespace

bool is_enforced(const AdminPolicy& policy, const ir::Settings& settings) {
  if (!is_cilium(settings)) return true;
  return policy.meta.kind == "ClusterNetworkPolicy" && settings.dialect == ir::Dialect::Cilium120 &&
         settings.k8s_cluster_network_policy;
}

ir::Selector admin_pods(const AdminPods& written) {
  LabelSelector all = written.namespaces;
  for (LabelRequirement& r : all.requirements) r.key = std::string(ir::kNamespaceLabelPrefix) + r.key;
  if (written.pods) all.requirements.insert(all.requirements.end(), written.pods->requirements.begin(), written.pods->requirements.end());
  // policy.md 2.1: k8s unless a source is written; 2.4a: with reserved nothing is implied.
  for (LabelRequirement& r : all.requirements)
    if (r.key.find(':') == std::string::npos && !r.key.starts_with('$')) r.key = "k8s:" + r.key;
  ir::Selector out = to_selector(all, SelectorSyntax::Cilium);
  const auto is_reserved = [](const ir::Requirement& r) { return r.source == "reserved"; };
  if (std::none_of(out.requirements.begin(), out.requirements.end(), is_reserved)) out.add(ir::exists("k8s", ir::kNamespaceKey));
  return out;
}

std::vector<AdminRules> resolve_admin_policies(const PolicyContext& context) {
  const auto policies = enforced_policies(context);
  // In Cilium the order is known: deny, then accept, then pass.
  const Rivals rivals = is_cilium(context.settings) ? Rivals{} : find_rivals(policies, context.cluster);
  report_rivals(policies, rivals, context);
  std::vector<AdminRules> out;
  for (const AdminPolicy* policy : policies) {
    PolicyRules one{{policy->meta.kind, {}, policy->meta.name, policy->meta.origin, {}, {}}, {}};
    for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress})
      add_list(*policy, base_of(*policy, direction, rivals), context, one.rules);
    out.push_back({policy, std::move(one)});
  }
  return out;
}

}  // namespace weir::compiler
