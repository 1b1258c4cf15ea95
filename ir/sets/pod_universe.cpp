#include "ir/sets/pod_universe.h"

#include <algorithm>

namespace weir::ir {
namespace {

const std::string kNamespace(kNamespaceKey);
const std::string kGenerated = "gen:";
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

std::string box_key(const Requirement& requirement) {
  if (requirement.source == "any" || requirement.source == "k8s") return canonical(requirement.key);
  // policy.md 3.8
  return requirement.source == "gen" ? kGenerated + requirement.key : "";
}

Label box_label(const std::string& key, std::string value) {
  if (key.starts_with(kGenerated)) return {"gen", key.substr(kGenerated.size()), ""};
  return {"k8s", key, std::move(value)};
}

PodUniverse::PodUniverse(const Cluster& cluster) : settings_(cluster.settings) {
  homes_.push_back({settings_.cluster_name, {}});
  for (const std::string& name : cluster.remotes) homes_.push_back({name, {}});
  for (const Namespace& item : cluster.namespaces)
    for (Home& home : homes_) {
      const std::string& its = item.cluster.empty() ? settings_.cluster_name : item.cluster;
      if (item.origin.known() && home.cluster == its) home.namespaces.emplace(item.name, item.labels);
    }
}

/// What a pod can have under the key at all.
ValueSet PodUniverse::possible(const Requirement& requirement) const {
  const ValueSet missing = ValueSet::of(Operator::DoesNotExist, {});
  const std::string key = box_key(requirement);
  if (key.empty()) return missing;
  if (always_present(key)) return ValueSet::present();
  if (key.starts_with(kGenerated) || is_derived_key(key) || is_identity_label(settings_, key)) return {};
  return missing;
}

std::optional<LabelBox> PodUniverse::box(const Selector& selector) const {
  LabelBox box;
  for (const Requirement& requirement : selector.requirements) {
    const ValueSet possible_values = possible(requirement);
    const ValueSet asked = ValueSet::of(requirement.op, requirement.values).intersect(possible_values);
    if (asked.empty()) return std::nullopt;
    if (asked == possible_values) continue;
    if (!box.constrain(box_key(requirement), asked)) return std::nullopt;
  }
  if (empty(box)) return std::nullopt;
  return box;
}

bool PodUniverse::fits(const Home& home, const std::string& namespace_name, const LabelBox& box) {
  const auto known = home.namespaces.find(namespace_name);
  if (known == home.namespaces.end()) return true;
  return std::all_of(box.keys.begin(), box.keys.end(), [&](const auto& item) {
    if (!item.first.starts_with(kNamespaceLabelPrefix)) return true;
    const std::string key = item.first.substr(kNamespaceLabelPrefix.size());
    return !exactly(known->second, key).intersect(item.second).empty();
  });
}

std::optional<std::string> PodUniverse::pick_namespace(const Home& home, const LabelBox& box) {
  const ValueSet* set = box.find(kNamespaceKey);
  const ValueSet names = (set ? *set : ValueSet::present()).intersect(ValueSet::present());
  if (!names.all_but) {
    for (const bool known : {true, false})
      for (const std::string& name : names.values)
        if (home.namespaces.contains(name) == known && fits(home, name, box)) return name;
    return std::nullopt;
  }
  for (const auto& [name, labels] : home.namespaces)
    if (names.contains(name) && fits(home, name, box)) return name;
  ValueSet unused = names;
  for (const auto& [name, labels] : home.namespaces) unused = unused.subtract(ValueSet::one(name));
  return unused.some_value();
}

/// The cluster and the namespace of a pod of the box.
std::optional<PodUniverse::Place> PodUniverse::pick(const LabelBox& box) const {
  const ValueSet* set = box.find(kClusterKey);
  ValueSet others = (set ? *set : ValueSet::present()).intersect(ValueSet::present());
  const auto in = [&](const Home& home, const std::string& cluster) -> std::optional<Place> {
    const auto name = pick_namespace(home, box);
    if (!name) return std::nullopt;
    const auto known = home.namespaces.find(*name);
    return Place{cluster, *name, known == home.namespaces.end() ? nullptr : &known->second};
  };
  for (const Home& home : homes_) {
    if (others.contains(home.cluster))
      if (auto place = in(home, home.cluster)) return place;
    others = others.subtract(ValueSet::one(home.cluster));
  }
  const auto cluster = others.some_value();
  if (!cluster) return std::nullopt;
  if (homes_.size() == 1) return in(homes_.front(), *cluster);
  return in(Home{*cluster, {}}, *cluster);
}

bool PodUniverse::empty(const LabelBox& box) const { return !some_present(box.find(kServiceAccountKey)) || !pick(box); }

PodWitness PodUniverse::assemble(const Place& place, const LabelBox& box) const {
  PodWitness pod;
  pod.service_account = usual_or_other(box.find(kServiceAccountKey), "default");
  if (place.labels)
    for (const auto& [key, value] : *place.labels) pod.labels.set({"k8s", std::string(kNamespaceLabelPrefix) + key, value});
  for (const auto& [key, set] : box.keys) {
    const auto value = chosen(set);
    if (!value || always_present(key)) continue;
    if (key.starts_with(kGenerated)) pod.labels.set(box_label(key, ""));
    else if (!is_derived_key(key)) pod.pod_labels.emplace(key, *value);
    else if (!place.labels) pod.namespace_labels.emplace(key.substr(kNamespaceLabelPrefix.size()), *value);
  }
  for (const auto& [key, value] : pod.pod_labels) pod.labels.set({"k8s", key, value});
  for (const auto& [key, value] : pod.namespace_labels) pod.labels.set({"k8s", std::string(kNamespaceLabelPrefix) + key, value});
  pod.labels.set({"k8s", kNameLabel, place.namespace_name});
  pod.labels.set({"k8s", kNamespace, place.namespace_name});
  pod.labels.set({"k8s", std::string(kClusterKey), place.cluster});
  pod.labels.set({"k8s", std::string(kServiceAccountKey), pod.service_account});
  pod.namespace_name = place.namespace_name;
  return pod;
}

std::optional<PodWitness> PodUniverse::witness(const LabelBox& box) const {
  if (!some_present(box.find(kServiceAccountKey))) return std::nullopt;
  const auto place = pick(box);
  if (!place) return std::nullopt;
  return assemble(*place, box);
}

}  // namespace weir::ir
