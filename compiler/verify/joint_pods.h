#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/verify/access.h"
#include "compiler/verify/today_diff.h"

namespace weir::compiler {

/// A pod of one or both inventories, or one of before and the one of the same workload that took its place.
struct JointPod {
  std::optional<ir::PodId> before, after;
};

/// What a listed end stands for: a workload, one of its pods, nodes, or somebody outside.
struct JointEnd {
  std::string text;
  std::vector<JointPod> pods;  // those of a workload, at least one; of other ends none
  std::string party;           // of other ends: "node:n1", "entity:host", "ip:10.0.0.1", "fqdn:example.com"
};

/// Two pods of one workload, as the ends of a connection within it: on each side two pods where it has two. Nothing for a
/// workload of one pod, which reaches itself whatever policies say (policy.md 4.5).
[[nodiscard]] std::optional<std::pair<JointEnd, JointEnd>> within(const JointEnd&);

/// Pods that fare alike in both; in one inventory alone the other class is absent.
struct JointClass {
  std::optional<PodClassId> before, after;
  std::vector<JointEnd> ends;
};

/// The text of a pod's workload, or of the pod when that is a node's own: "shop/web[Deployment]".
[[nodiscard]] std::string end_text(const ir::Pod&);
/// "shop/web-1[Pod]"
[[nodiscard]] std::string pod_text(const ir::Pod&);

/// The pods of a workload, or a pod that has none: what is one end when all of them fare alike.
struct JointUnit {
  std::string text;                 // "shop/web[Deployment]"
  std::vector<JointPod> pods;
  std::vector<std::string> texts;   // of each pod alone
};

/// The pods of both inventories, host-network pods left out (others see their node), in the order of their names. Pods are
/// the same when cluster, namespace and name are. Where a workload is in both inventories, its pods that are in one alone
/// are paired with pods of the other: a rollout or another number of replicas is no change.
[[nodiscard]] std::vector<JointUnit> joint_units(const ir::Cluster& before, const ir::Cluster& after);

/// The same by class. Ends in the order of their texts.
[[nodiscard]] std::vector<JointClass> joint_classes(const DiffSide& before, const Access& of_before, const DiffSide& after, const Access& of_after);

}  // namespace weir::compiler
