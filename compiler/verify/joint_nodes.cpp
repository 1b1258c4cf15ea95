// Tested by tests/unit/compiler/verify/policy_diff_test.cpp.
#include "compiler/verify/joint_nodes.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace weir::compiler {
namespace {

using OneSide = std::optional<std::tuple<std::uint32_t, PeerId, PeerId>>;

OneSide key_of(const std::optional<NodeEnd>& node) {
  return node ? OneSide({node->rows, node->as_host, node->as_remote}) : std::nullopt;
}

}  // namespace

std::vector<JointNodes> joint_nodes(const DiffSide& before, const Access& of_before, const DiffSide& after, const Access& of_after) {
  if (!before.cluster.settings.host_firewall && !after.cluster.settings.host_firewall) return {};
  std::map<std::string, JointNodes> nodes;
  const auto add = [&](const ir::Cluster& cluster, const Access& access, std::optional<NodeEnd> JointNodes::*side) {
    for (std::size_t i = 0; i < cluster.nodes.size(); ++i) nodes[cluster.nodes[i].name].*side = access.node_ends[cluster.pods.size() + i];
  };
  add(before.cluster, of_before, &JointNodes::before);
  add(after.cluster, of_after, &JointNodes::after);
  std::map<std::pair<OneSide, OneSide>, JointNodes> alike;
  for (auto& [name, node] : nodes) {
    JointNodes& group = alike[{key_of(node.before), key_of(node.after)}];
    group.names.push_back(name);
    group.before = node.before;
    group.after = node.after;
  }
  std::vector<JointNodes> out;
  for (auto& [key, group] : alike) {
    const std::size_t others = group.names.size() - 1;
    group.text = "node:" + group.names.front() + (others == 0 ? "" : " and " + std::to_string(others) + " alike");
    out.push_back(std::move(group));
  }
  return out;
}

std::optional<NodeAndPods> beside(const JointNodes& nodes, const JointEnd& end, bool local, const DiffSide& before, const DiffSide& after) {
  for (const std::string& name : nodes.names) {
    NodeAndPods out{name, {}};
    bool has_before = false, has_after = false;
    for (const JointPod& pod : end.pods) {
      has_before |= pod.before.has_value();
      has_after |= pod.after.has_value();
      if (pod.before && (before.cluster.pod(*pod.before).node == name) == local) out.pods.before = pod.before;
      if (pod.after && (after.cluster.pod(*pod.after).node == name) == local) out.pods.after = pod.after;
    }
    if (out.pods.before.has_value() == has_before && out.pods.after.has_value() == has_after) return out;
  }
  return std::nullopt;
}

}  // namespace weir::compiler
