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
/// have any. With remote clusters in the inventory that is so for each of them on its own; without, a namespace has the
/// same labels everywhere. A named port that rules ask for (policy.md 3.8) is a label with the key "gen:...".
class PodUniverse {
 public:
  explicit PodUniverse(const Cluster&);

  /// The pods a selector matches; nullopt when none can: it contradicts itself, asks for another source than a pod's
  /// labels, or for a label that never becomes part of an identity (policy.md 1.3).
  [[nodiscard]] std::optional<LabelBox> box(const Selector&) const;
  [[nodiscard]] bool empty(const LabelBox&) const;
  /// A pod of the box; namespaces of the inventory and few labels come first.
  [[nodiscard]] std::optional<PodWitness> witness(const LabelBox&) const;

 private:
  using Labels = std::map<std::string, std::string>;
  /// The namespaces of one cluster, by name.
  struct Home {
    std::string cluster;
    std::map<std::string, Labels, std::less<>> namespaces;
  };
  struct Place {
    std::string cluster, namespace_name;
    const Labels* labels = nullptr;  // of a namespace of the inventory
  };
  [[nodiscard]] ValueSet possible(const Requirement&) const;
  [[nodiscard]] static bool fits(const Home&, const std::string& namespace_name, const LabelBox&);
  [[nodiscard]] static std::optional<std::string> pick_namespace(const Home&, const LabelBox&);
  [[nodiscard]] std::optional<Place> pick(const LabelBox&) const;
  [[nodiscard]] PodWitness assemble(const Place&, const LabelBox&) const;

  Settings settings_;
  std::vector<Home> homes_;  // the local cluster, then the remote ones
};

/// The key of a requirement in a LabelBox; empty for one that no pod has (policy.md 2.1).
[[nodiscard]] std::string box_key(const Requirement&);
/// The label of a pod that a key of a LabelBox stands for.
[[nodiscard]] Label box_label(const std::string& key, std::string value);

/// Whether the key is one of policy.md 1.2, which no pod label sets.
[[nodiscard]] bool is_derived_key(std::string_view key);

}  // namespace weir::ir
