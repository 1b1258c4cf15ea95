#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/access.h"
#include "compiler/verify/joint_pods.h"
#include "compiler/verify/today_diff.h"

namespace weir::compiler {

/// Nodes that fare alike in both inventories, by policy on them and as peers (policy.md 2.5); in one alone the other is absent.
struct JointNodes {
  std::string text;                 // "node:n1", "node:n1 and 9 alike"
  std::vector<std::string> names;   // sorted
  std::optional<NodeEnd> before, after;
};

/// None where no host firewall tells nodes apart: then entity:host and entity:remote-node stand for them.
[[nodiscard]] std::vector<JointNodes> joint_nodes(const DiffSide& before, const Access& of_before, const DiffSide& after, const Access& of_after);

/// A node and, on each side that has the end, one of the end's pods that is on it (`local`), or that is not.
struct NodeAndPods {
  std::string node;
  JointPod pods;
};
[[nodiscard]] std::optional<NodeAndPods> beside(const JointNodes&, const JointEnd&, bool local, const DiffSide& before, const DiffSide& after);

}  // namespace weir::compiler
