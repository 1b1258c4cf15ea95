#include "ir/sets/pod_universe.h"

#include <algorithm>

namespace weir::ir {
namespace {

const std::string kNamespace(kNamespaceKey);
const std::string kNameLabel = std::string(kNamespaceLabelPrefix) + "kubernetes.io/metadata.name";

/// Kubernetes gives every namespace its own name as a label, so both keys say the same.
std::string canonical(const std::string& key) { return key == kNameLabel ? kNamespace : key; }

bool always_present(std::string_view key) {
  return key == kNamespaceKey || key == kClusterKey || key == kServiceAccountKey;
}

ValueSet exactly(const std::map<std::string, std::string>& labels, const std::string& key) {
  const auto at = labels.find(key);
  return at == labels.end() ? ValueSet::of(Operator::DoesNotExist, {}) : ValueSet::one(at->second);
}

/// The label as a pod most likely has it: not at all when that is allowed.
std::optional<std::string> chosen(const ValueSet& set) {
  return set.absent ? std::nullopt : set.some_value();
}

/// The usual value of a label that every pod has, or another one when the box asks for it.
std::string usual_or_other(const ValueSet* set, const std::string& usual) {
  if (!set || set->contains(usual)) return usual;
  return set->some_value().value_or(usual);
}

bool some_present(const ValueSet* set) { return !set || !set->intersect(ValueSet::present()).empty(); }

}  // namespace

bool is_derived_key(std::string_view key) {
  return always_present(key) || key.starts_with(kNamespaceLabelPrefix);
}

PodUniverse::PodUniverse(const Cluster& cluster) : settings_(cluster.settings) {
  for (const Namespace& item : cluster.namespaces)
    if (item.origin.known()) namespaces_.emplace(item.name, item.labels);
}

/// What a pod can have under the key at all.
ValueSet PodUniverse::possible(const Requirement& requirement) const {
  const bool of_pods = requirement.source == "any" || requirement.source == "k8s";
  const ValueSet missing = ValueSet::of(Operator::DoesNotExist, {});
  if (!of_pods) return missing;
  if (always_present(requirement.key) || requirement.key == kNameLabel) return ValueSet::present();
  if (is_derived_key(requirement.key) || is_identity_label(settings_, requirement.key)) return {};
  return missing;
}

std::optional<LabelBox> PodUniverse::box(const Selector& selector) const {
  LabelBox box;
  for (const Requirement& requirement : selector.requirements) {
    const ValueSet possible_values = possible(requirement);
    const ValueSet asked = ValueSet::of(requirement.op, requirement.values).intersect(possible_values);
    if (asked.empty()) return std::nullopt;
    if (asked == possible_values) continue;
    if (!box.constrain(canonical(requirement.key), asked)) return std::nullopt;
  }
  if (empty(box)) return std::nullopt;
  return box;
}

bool PodUniverse::fits(const std::string& namespace_name, const LabelBox& box) const {
  const auto known = namespaces_.find(namespace_name);
  if (known == namespaces_.end()) return true;
  return std::all_of(box.keys.begin(), box.keys.end(), [&](const auto& item) {
    if (!item.first.starts_with(kNamespaceLabelPrefix)) return true;
    const std::string key = item.first.substr(kNamespaceLabelPrefix.size());
    return !exactly(known->second, key).intersect(item.second).empty();
  });
}

std::optional<std::string> PodUniverse::pick_namespace(const LabelBox& box) const {
  const ValueSet* set = box.find(kNamespaceKey);
  const ValueSet names = (set ? *set : ValueSet::present()).intersect(ValueSet::present());
  if (!names.all_but) {
    for (const bool known : {true, false})
      for (const std::string& name : names.values)
        if (knows(name) == known && fits(name, box)) return name;
    return std::nullopt;
  }
  for (const auto& [name, labels] : namespaces_)
    if (names.contains(name) && fits(name, box)) return name;
  ValueSet unused = names;
  for (const auto& [name, labels] : namespaces_) unused = unused.subtract(ValueSet::one(name));
  return unused.some_value();
}

bool PodUniverse::empty(const LabelBox& box) const {
  return !some_present(box.find(kClusterKey)) || !some_present(box.find(kServiceAccountKey)) || !pick_namespace(box);
}

PodWitness PodUniverse::assemble(std::string namespace_name, const LabelBox& box) const {
  PodWitness pod;
  pod.service_account = usual_or_other(box.find(kServiceAccountKey), "default");
  const auto known = namespaces_.find(namespace_name);
  if (known != namespaces_.end())
    for (const auto& [key, value] : known->second) pod.labels.set({"k8s", std::string(kNamespaceLabelPrefix) + key, value});
  for (const auto& [key, set] : box.keys) {
    const auto value = chosen(set);
    if (!value || always_present(key)) continue;
    if (!is_derived_key(key)) pod.pod_labels.emplace(key, *value);
    else if (known == namespaces_.end()) pod.namespace_labels.emplace(key.substr(kNamespaceLabelPrefix.size()), *value);
  }
  for (const auto& [key, value] : pod.pod_labels) pod.labels.set({"k8s", key, value});
  for (const auto& [key, value] : pod.namespace_labels) pod.labels.set({"k8s", std::string(kNamespaceLabelPrefix) + key, value});
  pod.labels.set({"k8s", kNameLabel, namespace_name});
  pod.labels.set({"k8s", kNamespace, namespace_name});
  pod.labels.set({"k8s", std::string(kClusterKey), usual_or_other(box.find(kClusterKey), settings_.cluster_name)});
  pod.labels.set({"k8s", std::string(kServiceAccountKey), pod.service_account});
  pod.namespace_name = std::move(namespace_name);
  return pod;
}

std::optional<PodWitness> PodUniverse::witness(const LabelBox& box) const {
  if (empty(box)) return std::nullopt;
  auto name = pick_namespace(box);
  return assemble(std::move(*name), box);
}

}  // namespace weir::ir
