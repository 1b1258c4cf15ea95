#include "compiler/resolve/policies.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "compiler/resolve/admin_policy.h"
#include "compiler/resolve/cilium_peers.h"
#include "compiler/resolve/conflicts.h"
#include "compiler/resolve/sort_moving.h"
#include "ir/cluster/cluster.h"

namespace weir::compiler {
namespace {

constexpr std::string_view kEnforcement = "weir.dev/enforcement";

enum class Stage : std::uint8_t { Unset, Audit, Enforce };

Stage stage_of(const std::map<std::string, std::string>& labels) {
  const auto found = labels.find(std::string(kEnforcement));
  if (found == labels.end()) return Stage::Unset;
  return found->second == "audit" ? Stage::Audit : found->second == "enforce" ? Stage::Enforce : Stage::Unset;
}

/// The namespaces of one cluster that are in audit, sorted.
std::vector<std::string> audited_namespaces(const ir::Cluster& cluster, std::string_view name) {
  std::vector<std::string> out;
  for (const ir::Namespace& space : cluster.namespaces)
    if (space.cluster == name && stage_of(space.labels) == Stage::Audit) out.push_back(space.name);
  return out;
}

/// Marks what is in audit. A rule that selects pods of namespaces in audit and of others becomes two.
void add_stage(const ObjectMeta& meta, const std::vector<std::string>& audited, std::vector<ir::Rule>& rules) {
  const Stage own = stage_of(meta.labels);
  if (own != Stage::Unset || !meta.namespace_name.empty()) {
    const bool in_namespace = std::binary_search(audited.begin(), audited.end(), meta.namespace_name);
    for (ir::Rule& rule : rules) rule.audit = own == Stage::Unset ? in_namespace : own == Stage::Audit;
    return;
  }
  if (audited.empty()) return;
  std::vector<ir::Rule> out;
  for (const ir::Rule& rule : rules) {
    out.push_back(rule);
    if (rule.subject_is_node) continue;
    const std::string key(ir::kNamespaceKey);
    out.back().subject.add({"k8s", key, ir::Operator::NotIn, audited});
    out.push_back(rule);
    out.back().subject.add({"k8s", key, ir::Operator::In, audited});
    out.back().audit = true;
  }
  rules = std::move(out);
}

// policy.md 4.8: a policy speaks about the pods of its own cluster.
void add_cluster(const PolicyContext& context, std::vector<ir::Rule>& rules) {
  if (context.cluster.remotes.empty()) return;
  for (ir::Rule& rule : rules)
    if (!rule.subject_is_node) rule.subject.add(ir::equals("k8s", ir::kClusterKey, context.settings.cluster_name));
}

/// What the policies of a set are sorted by.
auto key_of(const ir::PolicyObject& policy) { return std::tie(policy.kind, policy.namespace_name, policy.name, policy.cluster); }

bool decides_before(const ir::Rule& a, const ir::Rule& b) {
  return std::tie(a.tier, a.priority, a.policy, a.direction, a.index) < std::tie(b.tier, b.priority, b.policy, b.direction, b.index);
}

class Resolver {
 public:
  Resolver(const PolicyObjects& objects, const ir::Cluster& cluster, const NamedPorts& named_ports, ir::Diagnostics& diagnostics)
      : objects_(objects), cluster_(cluster), named_ports_(named_ports), diagnostics_(diagnostics) {}

  /// The policies of one cluster among `wanted`; `name` is empty for the local one.
  void add_cluster_policies(const std::string& name, const PolicyObjects& wanted) {
    ir::Settings settings = cluster_.settings;
    if (!name.empty()) settings.cluster_name = name;
    const SubjectRequirements required = requirements_of(objects_, name, settings);
    const PolicyContext context{cluster_, objects_, named_ports_, settings, name, diagnostics_, required};
    const std::vector<std::string> audited = audited_namespaces(cluster_, name);
    const auto keep = [&](const ObjectMeta& meta, PolicyRules rules) {
      rules.policy.cluster = name;
      add_stage(meta, audited, rules.rules);
      add_cluster(context, rules.rules);
      all_.push_back(std::move(rules));
    };
    const auto add = [&](const auto& list, auto resolve) {
      for (const auto& policy : list)
        if (policy.meta.cluster == name) keep(policy.meta, resolve(policy, context));
    };
    add(wanted.network_policies, resolve_network_policy);
    add(wanted.cilium_network_policies, resolve_cilium_policy);
    if (&wanted != &objects_) return;
    for (AdminRules& one : resolve_admin_policies(context)) keep(one.policy->meta, std::move(one.rules));
  }

  ir::PolicySet finish() && {
    sort_moving(all_, [](const PolicyRules& a, const PolicyRules& b) { return key_of(a.policy) < key_of(b.policy); });
    ir::PolicySet out;
    out.policies.reserve(all_.size());
    out.rules.reserve(std::accumulate(all_.begin(), all_.end(), std::size_t{0},
                                      [](std::size_t sum, const PolicyRules& one) { return sum + one.rules.size(); }));
    for (PolicyRules& one : all_) {
      const ir::PolicyId id{static_cast<std::uint32_t>(out.policies.size())};
      out.policies.push_back(std::move(one.policy));
      for (ir::Rule& rule : one.rules) {
        rule.policy = id;
        out.rules.push_back(std::move(rule));
      }
    }
    mark_conflicts(out, cluster_, diagnostics_);
    sort_moving(out.rules, decides_before);
    return out;
  }

  /// What was resolved so far.
  std::vector<PolicyRules> take() && { return std::move(all_); }

 private:
  const PolicyObjects& objects_;
  const ir::Cluster& cluster_;
  const NamedPorts& named_ports_;
  ir::Diagnostics& diagnostics_;
  std::vector<PolicyRules> all_;
};

bool of_any_port(const ir::Rule& rule) {
  const auto names = [](const ir::Selector& selector) {
    return std::any_of(selector.requirements.begin(), selector.requirements.end(), [](const ir::Requirement& one) { return one.source == "gen"; });
  };
  const auto named_peer = [&](const ir::Peer& peer) {
    const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
    return selector != nullptr && names(selector->selector);
  };
  return names(rule.subject) || (rule.peers && std::any_of(rule.peers->begin(), rule.peers->end(), named_peer));
}

/// policy.md 3.11: authentication is that of the narrowest entry, and the port of any pod is not one narrow entry here.
void doubt_authentication(ir::PolicySet& policies) {
  if (std::none_of(policies.rules.begin(), policies.rules.end(), [](const ir::Rule& rule) { return rule.auth != ir::Auth::Unset; })) return;
  for (ir::Rule& rule : policies.rules) rule.conflict = rule.conflict || (rule.action == ir::Action::Allow && of_any_port(rule));
}

}  // namespace

ir::PolicySet resolve_policies(const PolicyObjects& objects, const ir::Cluster& cluster, ir::Diagnostics& diagnostics, PortsOf of) {
  const NamedPorts named_ports(cluster, of);
  Resolver resolver(objects, cluster, named_ports, diagnostics);
  resolver.add_cluster_policies("", objects);
  for (const std::string& name : cluster.remotes) resolver.add_cluster_policies(name, objects);
  ir::PolicySet out = std::move(resolver).finish();
  if (of == PortsOf::AnyPod) doubt_authentication(out);
  return out;
}

namespace {

/// Puts `added` in the place of the rules of this policy, in order. Only the part between the outermost of both is taken
/// apart: the rules of one policy stand close together, and those of all are many.
void exchange_rules(std::vector<ir::Rule>& rules, ir::PolicyId policy, std::vector<ir::Rule> added) {
  std::size_t first = rules.size(), last = 0;
  const auto widen = [&](std::size_t from, std::size_t to) {
    first = std::min(first, from);
    last = std::max(last, to);
  };
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (rules[i].policy == policy) widen(i, i + 1);
  for (const ir::Rule& rule : added) {
    const auto at = std::upper_bound(rules.begin(), rules.end(), rule, decides_before) - rules.begin();
    widen(static_cast<std::size_t>(at), static_cast<std::size_t>(at));
  }
  if (first > last) return;
  const auto begin = rules.begin() + static_cast<std::ptrdiff_t>(first), end = rules.begin() + static_cast<std::ptrdiff_t>(last);
  std::vector<ir::Rule> kept, merged;
  for (auto rule = begin; rule != end; ++rule)
    if (rule->policy != policy) kept.push_back(std::move(*rule));
  std::merge(std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()), std::make_move_iterator(added.begin()),
             std::make_move_iterator(added.end()), std::back_inserter(merged), decides_before);
  const auto same = static_cast<std::ptrdiff_t>(std::min(merged.size(), last - first));
  std::move(merged.begin(), merged.begin() + same, begin);
  rules.erase(begin + same, end);
  rules.insert(rules.begin() + static_cast<std::ptrdiff_t>(first) + same, std::make_move_iterator(merged.begin() + same),
               std::make_move_iterator(merged.end()));
}

}  // namespace

bool replace_policy(const PolicyObjects& edited, const PolicyObjects& all, const ir::Cluster& cluster,
                    const NamedPorts& named_ports, ir::PolicySet& policies, ir::Diagnostics& diagnostics) {
  // Requirements of one policy narrow others (policy.md 3.4), and those of the policy that was here before are not known.
  if (cluster.settings.dialect == ir::Dialect::Cilium118) return false;
  ir::Diagnostics own;
  Resolver resolver(all, cluster, named_ports, own);
  resolver.add_cluster_policies("", edited);
  std::vector<PolicyRules> resolved = std::move(resolver).take();
  if (resolved.size() != 1) return false;
  auto& [policy, added] = resolved.front();
  const auto at = std::lower_bound(policies.policies.begin(), policies.policies.end(), policy,
                                   [](const ir::PolicyObject& a, const ir::PolicyObject& b) { return key_of(a) < key_of(b); });
  if (at == policies.policies.end() || key_of(*at) != key_of(policy)) return false;
  const ir::PolicyId id{static_cast<std::uint32_t>(at - policies.policies.begin())};
  auto& rules = policies.rules;
  // A conflict stands in the rules of another policy too.
  if (std::any_of(added.begin(), added.end(), may_conflict) ||
      std::any_of(rules.begin(), rules.end(), [&](const ir::Rule& rule) { return rule.policy == id && may_conflict(rule); }))
    return false;
  *at = std::move(policy);
  for (ir::Rule& rule : added) rule.policy = id;
  std::stable_sort(added.begin(), added.end(), decides_before);
  exchange_rules(rules, id, std::move(added));
  for (ir::Diagnostic& diagnostic : own.list()) diagnostics.report(std::move(diagnostic));
  return true;
}

}  // namespace weir::compiler
