#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/cluster/cluster.h"
#include "ir/sets/label_box.h"

namespace weir::ir {

/// A pod that may exist: what a person must write to get these identity labels.
struct PodWitness {
  std::string namespace_name;
  std::map<std::string, std::string> pod_labels;
  std::map<std::string, std::string> namespace_labels;  // only those that the inventory does not give
  std::string service_account = "default";
  LabelSet labels;                                      // the identity (policy.md 1.2)
  friend auto operator<=>(const PodWitness&, const PodWitness&) = default;
};

/// The label sets that pods may have, today or tomorrow: any further labels, in any namespace, of any cluster (the local
/// one first). A namespace of the inventory has the labels written there; one that is only named, or not there yet, may
/// have any.
class PodUniverse {
 public:
  explicit PodUniverse(const Cluster&);

  /// The pods a selector matches; nullopt when none can: it contradicts itself, asks for another source than a pod's
  /// labels, or for a label that never becomes part of an identity (policy.md 1.3).
  [[nodiscard]] std::optional<LabelBox> box(const Selector&) const;
  [[nodiscard]] bool empty(const LabelBox&) const;
  /// A pod of the box; namespaces of the inventory and few labels come first.
  [[nodiscard]] std::optional<PodWitness> witness(const LabelBox&) const;
  [[nodiscard]] bool knows(std::string_view namespace_name) const { return namespaces_.contains(namespace_name); }

 private:
  [[nodiscard]] ValueSet possible(const Requirement&) const;
  [[nodiscard]] bool fits(const std::string& namespace_name, const LabelBox&) const;
  [[nodiscard]] std::optional<std::string> pick_namespace(const LabelBox&) const;
  [[nodiscard]] PodWitness assemble(std::string namespace_name, const LabelBox&) const;

  Settings settings_;
  std::map<std::string, std::map<std::string, std::string>, std::less<>> namespaces_;
};

/// Whether the key is one of policy.md 1.2, which no pod label sets.
[[nodiscard]] bool is_derived_key(std::string_view key);

}  // namespace weir::ir
