#include "compiler/resolve/lint_parts.h"

#include <algorithm>

#include "compiler/resolve/admin_policy.h"
#include "compiler/resolve/selectors.h"

namespace weir::compiler {
namespace {

std::set<std::string> known_namespaces(const InventoryObjects& inventory) {
  std::set<std::string> names = {"default", "kube-node-lease", "kube-public", "kube-system"};  // every cluster has them
  for (const auto& object : inventory.namespaces) names.insert(object.meta.name);
  for (const auto& object : inventory.pods) names.insert(object.meta.namespace_name);
  for (const auto& object : inventory.workloads) names.insert(object.meta.namespace_name);
  for (const auto& object : inventory.services) names.insert(object.meta.namespace_name);
  return names;
}

std::vector<const ir::LabelSet*> labels_of(const ir::Cluster& cluster) {
  std::vector<const ir::LabelSet*> out;
  for (const ir::Pod& pod : cluster.pods) out.push_back(&pod.labels);
  return out;
}

/// The labels that pods on the host network would have if they had any (policy.md 1.4).
std::vector<ir::LabelSet> labels_on_host(const ir::Cluster& cluster) {
  std::vector<ir::LabelSet> out(cluster.pods.size());
  bool any = false;
  for (std::size_t i = 0; i < cluster.pods.size(); ++i) {
    const ir::Pod& pod = cluster.pods[i];
    if (!pod.host_network) continue;
    out[i] = ir::identity_labels(cluster, pod.namespace_name, pod.pod_labels, pod.service_account, pod.cluster);
    any = true;
  }
  if (!any) out.clear();
  return out;
}

std::vector<const ir::LabelSet*> pointers(const std::vector<ir::LabelSet>& labels) {
  std::vector<const ir::LabelSet*> out;
  for (const ir::LabelSet& set : labels) out.push_back(&set);
  return out;
}

void add_written(const LabelSelector& selector, SelectorSyntax syntax, std::string_view prefix, WrittenSelector& out) {
  for (const LabelRequirement& r : selector.requirements) {
    const SourceKey key = syntax == SelectorSyntax::Cilium ? parse_source_key(r.key) : SourceKey{"k8s", r.key};
    out.requirements.push_back({&r, {key.source, std::string(prefix) + key.key, r.op, r.values}});
  }
}

WrittenSelector written_subject(const LabelSelector& selector, SelectorSyntax syntax, const std::string& space) {
  WrittenSelector out{{}, subject_of(selector, syntax, space), selector.span};
  add_written(selector, syntax, "", out);
  return out;
}

void add_peer(const NetworkPolicyPeer& peer, const ObjectMeta& meta, const ir::Settings& settings, WrittenElement& out) {
  if (peer.ip_block) {
    out.blocks.push_back(&*peer.ip_block);
    return;
  }
  WrittenSelector one{{}, kubernetes_peer(peer.pods, peer.namespaces, meta.namespace_name, settings), peer.span};
  if (peer.pods) add_written(*peer.pods, SelectorSyntax::Kubernetes, "", one);
  if (peer.namespaces) add_written(*peer.namespaces, SelectorSyntax::Kubernetes, ir::kNamespaceLabelPrefix, one);
  out.peers.push_back(std::move(one));
}

WrittenPolicy written(const NetworkPolicy& policy, const ir::Settings& settings) {
  WrittenPolicy out;
  out.meta = &policy.meta;
  out.subject = written_subject(policy.subject, SelectorSyntax::Kubernetes, policy.meta.namespace_name);
  for (const auto* rules : {&policy.ingress, &policy.egress}) {
    if (!*rules) continue;
    for (const NetworkPolicyRule& rule : **rules) {
      WrittenElement& element = out.elements.emplace_back();
      element.direction = rules == &policy.ingress ? ir::Direction::Ingress : ir::Direction::Egress;
      if (rule.peers)
        for (const NetworkPolicyPeer& peer : *rule.peers) add_peer(peer, policy.meta, settings, element);
      if (rule.ports)
        for (const PortSpec& port : *rule.ports) element.ports.push_back(&port);
    }
  }
  return out;
}

WrittenElement written(const CiliumElement& written, ir::Direction direction, const CiliumRule& rule, const ObjectMeta& meta,
                       const ir::Settings& settings) {
  WrittenElement out;
  out.direction = direction;
  const bool init = std::any_of(rule.subject.requirements.begin(), rule.subject.requirements.end(), [](const auto& r) {
    return parse_source_key(r.key) == SourceKey{"reserved", "init"};
  });
  if (written.endpoints)
    for (const LabelSelector& selector : *written.endpoints) {
      WrittenSelector& one = out.peers.emplace_back();
      one.resolved = cilium_peer(selector, meta.namespace_name, init, settings);
      one.span = selector.span;
      add_written(selector, SelectorSyntax::Cilium, "", one);
    }
  for (const auto* blocks : {&written.cidrs, &written.cidr_set})
    if (*blocks)
      for (const CidrBlock& block : **blocks)
        if (!block.group && !block.groups) out.blocks.push_back(&block);
  if (written.services)
    for (const CiliumService& service : *written.services) out.services.push_back(&service);
  if (written.port_rules)
    for (const CiliumPortRule& ports : *written.port_rules)
      for (const PortSpec& port : ports.ports) out.ports.push_back(&port);
  return out;
}

WrittenPolicy written(const CiliumRule& rule, const ObjectMeta& meta, const ir::Settings& settings) {
  WrittenPolicy out;
  out.meta = &meta;
  out.on_nodes = rule.on_nodes;
  out.subject = written_subject(rule.subject, SelectorSyntax::Cilium, meta.namespace_name);
  for (const auto* list : {&rule.ingress, &rule.ingress_deny, &rule.egress, &rule.egress_deny}) {
    if (!*list) continue;
    const bool inward = list == &rule.ingress || list == &rule.ingress_deny;
    for (const CiliumElement& element : **list)
      out.elements.push_back(written(element, inward ? ir::Direction::Ingress : ir::Direction::Egress, rule, meta, settings));
  }
  return out;
}

WrittenSelector written(const AdminPods& pods, ir::Selector resolved) {
  WrittenSelector out{{}, std::move(resolved), pods.span};
  add_written(pods.namespaces, SelectorSyntax::Kubernetes, ir::kNamespaceLabelPrefix, out);
  if (pods.pods) add_written(*pods.pods, SelectorSyntax::Kubernetes, "", out);
  return out;
}

WrittenElement written(const AdminRule& rule, ir::Direction direction, const ir::Settings& settings) {
  WrittenElement out;
  out.direction = direction;
  for (const AdminPeer& peer : rule.peers) {
    if (peer.pods) {
      ir::Selector selector = admin_pods(*peer.pods);
      if (peer.pods->pods) add_local_cluster(selector, settings);
      out.peers.push_back(written(*peer.pods, std::move(selector)));
    }
    if (peer.networks)
      for (const CidrBlock& block : *peer.networks) out.blocks.push_back(&block);
  }
  if (rule.ports)
    for (const PortSpec& port : *rule.ports) out.ports.push_back(&port);
  return out;
}

WrittenPolicy written(const AdminPolicy& policy, const ir::Settings& settings) {
  WrittenPolicy out;
  out.meta = &policy.meta;
  out.subject = written(policy.subject, admin_pods(policy.subject));
  for (const auto* list : {&policy.ingress, &policy.egress})
    if (*list)
      for (const AdminRule& rule : **list)
        out.elements.push_back(written(rule, list == &policy.ingress ? ir::Direction::Ingress : ir::Direction::Egress, settings));
  return out;
}

}  // namespace

LintIndexes::LintIndexes(const Objects& objects, const ir::Cluster& cluster)
    : namespaces(known_namespaces(objects.inventory)), host_labels(labels_on_host(cluster)), pods(labels_of(cluster)),
      on_host(pointers(host_labels)) {}

Lint::Lint(const Objects& o, const ir::Cluster& c, const ir::PolicySet& p, ir::Diagnostics& d)
    : objects(o), cluster(c), policies(p), diagnostics(d), indexes(std::make_shared<LintIndexes>(o, c)) {}

Lint::Lint(const Lint& same, const ir::PolicySet& p, ir::Diagnostics& d)
    : objects(same.objects), cluster(same.cluster), policies(p), diagnostics(d), indexes(same.indexes) {}

void Lint::report(ir::Code code, ir::Span span, std::string detail, std::string fix,
                  std::vector<ir::DiagnosticLabel> labels) const {
  diagnostics.report({.kind = code, .primary = span, .detail = std::move(detail), .labels = std::move(labels), .notes = {},
                      .fix = std::move(fix), .witness = {}});
}

std::string Lint::pod_name(std::uint32_t pod) const {
  return show(cluster.pods[pod].namespace_name + "/" + cluster.pods[pod].name);
}

void visit_policies(const Lint& lint, const PolicyObjects& policies, const std::function<void(const WrittenPolicy&)>& see) {
  const ir::Settings& settings = lint.cluster.settings;
  for (const NetworkPolicy& policy : policies.network_policies)
    if (policy.meta.cluster.empty()) see(written(policy, settings));
  for (const CiliumNetworkPolicy& policy : policies.cilium_network_policies)
    if (policy.meta.cluster.empty())
      for (const CiliumRule& rule : policy.rules) see(written(rule, policy.meta, settings));
  for (const AdminPolicy& policy : policies.admin_policies)
    if (policy.meta.cluster.empty()) see(written(policy, settings));
}

}  // namespace weir::compiler
