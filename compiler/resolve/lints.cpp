#include "compiler/resolve/lints.h"

#include <algorithm>
#include <set>
#include <span>

#include "compiler/resolve/selectors.h"

namespace weir::compiler {
namespace {

struct Lint {
  const Objects& objects;
  const ir::Cluster& cluster;
  ir::Diagnostics& diagnostics;
  std::set<std::string> namespaces;  // that the inventory knows
};

void report(const Lint& lint, ir::Code code, ir::Span span, std::string detail, std::string fix) {
  lint.diagnostics.report({.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {},
                           .fix = std::move(fix), .witness = {}});
}

std::set<std::string> known_namespaces(const InventoryObjects& inventory) {
  std::set<std::string> names;
  for (const auto& object : inventory.namespaces) names.insert(object.meta.name);
  for (const auto& object : inventory.pods) names.insert(object.meta.namespace_name);
  for (const auto& object : inventory.workloads) names.insert(object.meta.namespace_name);
  for (const auto& object : inventory.services) names.insert(object.meta.namespace_name);
  return names;
}

bool is_derived_key(std::string_view key) {
  return key == ir::kNamespaceKey || key == ir::kClusterKey || key == ir::kServiceAccountKey ||
         key.starts_with(ir::kNamespaceLabelPrefix);
}

// policy.md 1.3
void lint_excluded(const Lint& lint, const LabelRequirement& r, const SourceKey& key) {
  if (key.source != "k8s" && key.source != "any") return;
  if (is_derived_key(key.key) || ir::is_identity_label(lint.cluster.settings, key.key)) return;
  const bool never = r.op == ir::Operator::In || r.op == ir::Operator::Exists;
  report(lint, ir::Code::ExcludedLabel, r.span,
         "label " + show(key.key) + " is no part of an identity, so this requirement " +
             (never ? "never holds" : "always holds"),
         "select by a label of your own");
}

void lint_namespace(const Lint& lint, const LabelRequirement& r) {
  if (lint.objects.inventory.namespaces.empty() || r.op != ir::Operator::In) return;
  std::vector<std::string_view> names(lint.namespaces.begin(), lint.namespaces.end());
  for (const std::string& value : r.values) {
    if (lint.namespaces.contains(value)) continue;
    const std::string near = nearest(value, names);
    report(lint, ir::Code::UnknownNamespace, r.span, "nothing in the input is in a namespace " + show(value),
           near.empty() ? "" : "write " + show(near));
  }
}

void lint_selector(const Lint& lint, const LabelSelector& selector, SelectorSyntax syntax) {
  for (const LabelRequirement& r : selector.requirements) {
    const SourceKey key = syntax == SelectorSyntax::Cilium ? parse_source_key(r.key) : SourceKey{"k8s", r.key};
    lint_excluded(lint, r, key);
    if (key.key == ir::kNamespaceKey || key.key == std::string(ir::kNamespaceLabelPrefix) + "kubernetes.io/metadata.name")
      lint_namespace(lint, r);
  }
}

/// The pods of a namespace: Cluster::pods is sorted by it.
std::span<const ir::Pod> pods_of(const ir::Cluster& cluster, const std::string& space) {
  const auto low = std::partition_point(cluster.pods.begin(), cluster.pods.end(),
                                        [&](const ir::Pod& pod) { return pod.namespace_name < space; });
  const auto high =
      std::partition_point(low, cluster.pods.end(), [&](const ir::Pod& pod) { return pod.namespace_name == space; });
  return {low, high};
}

/// The label of some pod that is nearest to a requirement that none fulfils.
std::string suggest_for(std::span<const ir::Pod> pods, const std::string& key, const std::string& value) {
  std::set<std::string_view> keys, values;
  for (const ir::Pod& pod : pods)
    for (const auto& [k, v] : pod.pod_labels) {
      keys.insert(k);
      if (k == key) values.insert(v);
    }
  if (values.contains(value)) return {};
  if (const std::string near = nearest(value, {values.begin(), values.end()}); !near.empty())
    return "write " + show(key + ": " + near);
  const std::string near = values.empty() ? nearest(key, {keys.begin(), keys.end()}) : "";
  return near.empty() ? "" : "write " + show(near) + " for " + show(key);
}

std::string suggest_label(std::span<const ir::Pod> pods, const LabelSelector& selector) {
  constexpr std::size_t kMost = 8;  // nobody mistypes more, and each costs a walk over the pods
  for (std::size_t i = 0; i < std::min(kMost, selector.requirements.size()); ++i) {
    const LabelRequirement& r = selector.requirements[i];
    if (r.op != ir::Operator::In || r.values.size() != 1) continue;
    if (std::string fix = suggest_for(pods, parse_source_key(r.key).key, r.values.front()); !fix.empty()) return fix;
  }
  return {};
}

void lint_subject(const Lint& lint, const ObjectMeta& meta, const LabelSelector& selector, SelectorSyntax syntax) {
  lint_selector(lint, selector, syntax);
  if (lint.cluster.pods.empty() || selector.requirements.empty()) return;
  const ir::Selector subject = subject_of(selector, syntax, meta.namespace_name);
  const auto pods = pods_of(lint.cluster, meta.namespace_name);
  const bool found = std::any_of(pods.begin(), pods.end(), [&](const ir::Pod& pod) {
    return !pod.host_network && ir::matches(subject, pod.labels);
  });
  if (found) return;
  report(lint, ir::Code::SelectsNoPod, selector.span,
         meta.kind + " " + show(meta.name) + " selects no pod of namespace " + show(meta.namespace_name),
         suggest_label(pods, selector));
}

// policy.md 4.5: after service translation a ClusterIP is never seen.
void lint_cidr(const Lint& lint, const CidrBlock& block) {
  if (block.cidr.length != block.cidr.address.bits()) return;
  for (const ir::Service& service : lint.cluster.services)
    if (std::count(service.cluster_ips.begin(), service.cluster_ips.end(), block.cidr.address) > 0)
      report(lint, ir::Code::BlockIsService, block.span,
             show(ir::to_text(block.cidr)) + " is the address of Service " + show(service.namespace_name + "/" + service.name) +
                 ", and policy sees the pod behind it",
             "select the pods of the Service, and their port");
}

void lint_network_policy(const Lint& lint, const NetworkPolicy& policy) {
  lint_subject(lint, policy.meta, policy.subject, SelectorSyntax::Kubernetes);
  for (const auto* rules : {&policy.ingress, &policy.egress}) {
    if (!*rules) continue;
    for (const NetworkPolicyRule& rule : **rules) {
      if (!rule.peers) continue;
      for (const NetworkPolicyPeer& peer : *rule.peers) {
        if (peer.pods) lint_selector(lint, *peer.pods, SelectorSyntax::Kubernetes);
        if (peer.ip_block) lint_cidr(lint, *peer.ip_block);
        if (!peer.namespaces) continue;
        for (const LabelRequirement& r : peer.namespaces->requirements)
          if (r.key == "kubernetes.io/metadata.name") lint_namespace(lint, r);
      }
    }
  }
}

void lint_element(const Lint& lint, const CiliumElement& element) {
  if (element.endpoints)
    for (const LabelSelector& selector : *element.endpoints) lint_selector(lint, selector, SelectorSyntax::Cilium);
  for (const auto* blocks : {&element.cidrs, &element.cidr_set})
    if (*blocks)
      for (const CidrBlock& block : **blocks) lint_cidr(lint, block);
}

void lint_cilium_policy(const Lint& lint, const CiliumNetworkPolicy& policy) {
  for (const CiliumRule& rule : policy.rules) {
    lint_subject(lint, policy.meta, rule.subject, SelectorSyntax::Cilium);
    for (const auto* list : {&rule.ingress, &rule.ingress_deny, &rule.egress, &rule.egress_deny})
      if (*list)
        for (const CiliumElement& element : **list) lint_element(lint, element);
  }
}

}  // namespace

void lint_policies(const Objects& objects, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  const Lint lint{objects, cluster, diagnostics, known_namespaces(objects.inventory)};
  for (const NetworkPolicy& policy : objects.policies.network_policies) lint_network_policy(lint, policy);
  for (const CiliumNetworkPolicy& policy : objects.policies.cilium_network_policies) lint_cilium_policy(lint, policy);
}

}  // namespace weir::compiler
