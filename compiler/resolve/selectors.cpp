// Selectors as the agent rewrites them before it matches (policy.md 2.1 to 2.5).
// Tested by tests/unit/compiler/resolve/cilium_policy_test.cpp.

#include "compiler/resolve/selectors.h"

#include <algorithm>

#include "ir/cluster/cluster.h"

namespace weir::compiler {
namespace {

bool is_namespace_label(const ir::Requirement& r) {
  return (r.source == "k8s" || r.source == "any") && r.key.starts_with(ir::kNamespaceLabelPrefix);
}

bool has_key(const ir::Selector& selector, std::string_view key) {
  return std::any_of(selector.requirements.begin(), selector.requirements.end(), [&](const ir::Requirement& r) {
    return (r.source == "k8s" || r.source == "any") && r.key == key;
  });
}

template <class T>
void sort_unique(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

ir::Requirement normal(ir::Requirement requirement) {
  sort_unique(requirement.values);
  return requirement;
}

ir::Selector sorted(std::vector<ir::Requirement> requirements) {
  sort_unique(requirements);
  return {std::move(requirements)};
}

}  // namespace

// policy.md 2.4c
void add_local_cluster(ir::Selector& selector, const ir::Settings& settings) {
  if (settings.default_local_cluster && !has_key(selector, ir::kClusterKey))
    selector.add(ir::equals("k8s", ir::kClusterKey, settings.cluster_name));
}

ir::Selector cilium_node_peer(const LabelSelector& written, const ir::Settings& settings) {
  ir::Selector out = to_selector(written, SelectorSyntax::Cilium);
  out.add(ir::exists("reserved", "remote-node"));
  add_local_cluster(out, settings);
  return out;
}

SourceKey parse_source_key(std::string_view key) {
  if (key.starts_with('$')) return {"reserved", std::string(key.substr(1))};
  const std::size_t colon = key.find(':');
  if (colon == std::string_view::npos) return {"any", std::string(key)};
  // An empty source, ":app", is no source.
  const std::string_view source = key.substr(0, colon);
  return {source.empty() ? "any" : std::string(source), std::string(key.substr(colon + 1))};
}

// Sorted once at the end: a selector of 50,000 labels must not take quadratic time.
ir::Selector to_selector(const LabelSelector& written, SelectorSyntax syntax) {
  std::vector<ir::Requirement> all;
  for (const LabelRequirement& r : written.requirements) {
    const SourceKey key = syntax == SelectorSyntax::Cilium ? parse_source_key(r.key) : SourceKey{"k8s", r.key};
    all.push_back(normal({key.source, key.key, r.op, r.values}));
  }
  return sorted(std::move(all));
}

ir::Selector cilium_peer(const LabelSelector& written, std::string_view space, bool subject_is_init,
                         const ir::Settings& settings) {
  ir::Selector out = to_selector(written, SelectorSyntax::Cilium);
  const auto& all = out.requirements;
  // policy.md 2.4a
  if (std::any_of(all.begin(), all.end(), [](const ir::Requirement& r) { return r.source == "reserved"; })) return out;
  // policy.md 2.4b
  const bool by_namespace_label = std::any_of(all.begin(), all.end(), is_namespace_label);
  if (space.empty() && !has_key(out, ir::kNamespaceKey)) {
    if (!subject_is_init) out.add(ir::exists("k8s", ir::kNamespaceKey));
  } else if (!has_key(out, ir::kNamespaceKey) && !by_namespace_label) {
    out.add(ir::equals("k8s", ir::kNamespaceKey, space));
  }
  add_local_cluster(out, settings);
  return out;
}

ir::Selector kubernetes_peer(const std::optional<LabelSelector>& pods, const std::optional<LabelSelector>& namespaces,
                             std::string_view space, const ir::Settings& settings) {
  std::vector<ir::Requirement> all = to_selector(pods.value_or(LabelSelector{}), SelectorSyntax::Kubernetes).requirements;
  bool in_a_namespace = false;
  for (const LabelRequirement& r : namespaces.value_or(LabelSelector{}).requirements) {
    in_a_namespace = in_a_namespace || r.op == ir::Operator::In || r.op == ir::Operator::Exists;
    all.push_back(normal({"k8s", std::string(ir::kNamespaceLabelPrefix) + r.key, r.op, r.values}));
  }
  ir::Selector out = sorted(std::move(all));
  if (!namespaces)
    out.add(ir::equals("k8s", ir::kNamespaceKey, space));
  else if (!in_a_namespace)
    out.add(ir::exists("k8s", ir::kNamespaceKey));  // policy.md 7.2: pods of any namespace, never world or a node
  add_local_cluster(out, settings);
  return out;
}

ir::Selector subject_of(const LabelSelector& written, SelectorSyntax syntax, std::string_view space) {
  ir::Selector out = to_selector(written, syntax);
  if (space.empty()) return out;
  // policy.md 2.5: another namespace under the k8s source is overwritten; one without a source stays and matches nothing.
  if (syntax == SelectorSyntax::Cilium)
    std::erase_if(out.requirements, [](const ir::Requirement& r) {
      return r.source == "k8s" && r.key == ir::kNamespaceKey && r.op == ir::Operator::In && r.values.size() == 1;
    });
  out.add(ir::equals("k8s", ir::kNamespaceKey, space));
  return out;
}

}  // namespace weir::compiler
