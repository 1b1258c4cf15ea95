#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/access.h"
#include "compiler/verify/today_diff.h"

namespace weir::compiler {

/// A pod of one or both inventories.
struct JointPod {
  std::optional<ir::PodId> before, after;
};

/// What a listed end stands for: a workload, one of its pods, or somebody outside.
struct JointEnd {
  std::string text;
  JointPod pod;           // one of its pods; of an outside end none
  std::string party;      // outside: "entity:host", "ip:10.0.0.1", "fqdn:example.com"
};

/// Pods that fare alike in both; in one inventory alone the other class is absent.
struct JointClass {
  std::optional<PodClassId> before, after;
  std::vector<JointEnd> ends;
};

/// The text of a pod's workload, or of the pod when that is a node's own: "shop/web[Deployment]".
[[nodiscard]] std::string end_text(const ir::Pod&);

/// The pods of both inventories by class, host-network pods left out (others see their node). Ends in the order of their texts.
[[nodiscard]] std::vector<JointClass> joint_classes(const DiffSide& before, const Access& of_before, const DiffSide& after, const Access& of_after);

}  // namespace weir::compiler
