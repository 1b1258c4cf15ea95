#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/cluster/cluster.h"

namespace weir::simulator {

/// `--label-pod NS/POD k=v`: one label of a pod of the local cluster as it would be.
struct PodLabel {
  std::string namespace_name, pod, key;
  std::optional<std::string> value;  // absent: the label goes
  friend auto operator<=>(const PodLabel&, const PodLabel&) = default;
};

/// The labels of a pod after the changes that are about it; nullopt when none is. A key that is no part of the identity
/// changes nothing (policy.md 1.3).
[[nodiscard]] std::optional<ir::LabelSet> relabelled(const ir::LabelSet&, std::string_view namespace_name, std::string_view pod,
                                                     const std::vector<PodLabel>& changes, const ir::Settings&);

}  // namespace weir::simulator
