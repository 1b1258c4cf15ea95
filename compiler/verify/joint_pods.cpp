// Tested by tests/unit/compiler/verify/policy_diff_test.cpp.
#include "compiler/verify/joint_pods.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace weir::compiler {
namespace {

using ClassKey = std::pair<std::optional<PodClassId>, std::optional<PodClassId>>;
using PodName = std::tuple<std::string, std::string, std::string>;                // cluster, namespace, name
using UnitName = std::tuple<std::string, std::string, std::string, std::string>;  // cluster, namespace, kind and name of the workload

struct Member {
  JointPod pod;
  bool paired = false;  // one of before that stands beside another's pod of after
};

/// A static pod is owned by its node; it stands for itself.
UnitName unit_of(const ir::Pod& pod) {
  const bool itself = pod.workload.kind == "Node";
  return {pod.cluster, pod.namespace_name, itself ? "Pod" : pod.workload.kind, itself ? pod.name : pod.workload.name};
}

std::string text_of(const std::string& cluster, const std::string& ns, const std::string& name, const std::string& kind) {
  return (cluster.empty() ? "" : cluster + ":") + ns + "/" + name + "[" + kind + "]";
}

/// By workload; the later inventory says what a pod belongs to.
std::map<UnitName, std::vector<Member>> members_of(const ir::Cluster& before, const ir::Cluster& after) {
  std::map<PodName, std::pair<UnitName, JointPod>> pods;
  const auto add = [&](const ir::Cluster& cluster, bool later) {
    for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
      const ir::Pod& pod = cluster.pods[i];
      if (pod.host_network) continue;
      auto& [unit, joint] = pods[{pod.cluster, pod.namespace_name, pod.name}];
      unit = unit_of(pod);
      (later ? joint.after : joint.before) = ir::PodId{i};
    }
  };
  add(before, false);
  add(after, true);
  std::map<UnitName, std::vector<Member>> units;
  for (const auto& [name, pod] : pods) units[pod.first].push_back({pod.second});
  return units;
}

/// Pods that came take the place of pods that went; what is left over on one side stands beside any of the other.
void pair_up(std::vector<Member>& members) {
  const auto before = std::find_if(members.begin(), members.end(), [](const Member& one) { return one.pod.before; });
  const auto after = std::find_if(members.begin(), members.end(), [](const Member& one) { return one.pod.after; });
  if (before == members.end() || after == members.end()) return;
  const ir::PodId some_before = *before->pod.before, some_after = *after->pod.after;
  std::vector<ir::PodId> gone;
  std::erase_if(members, [&](const Member& one) {
    if (!one.pod.after) gone.push_back(*one.pod.before);
    return !one.pod.after;
  });
  auto next = gone.begin();
  for (Member& one : members)
    if (!one.pod.before) one.pod.before = next == gone.end() ? some_before : *next++;
  for (; next != gone.end(); ++next) members.push_back({{*next, some_after}, true});
}

}  // namespace

std::string end_text(const ir::Pod& pod) {
  const auto [cluster, ns, kind, name] = unit_of(pod);
  return text_of(cluster, ns, name, kind);
}

std::string pod_text(const ir::Pod& pod) { return text_of(pod.cluster, pod.namespace_name, pod.name, "Pod"); }

std::optional<std::pair<JointEnd, JointEnd>> within(const JointEnd& end) {
  if (end.pods.size() < 2) return std::nullopt;
  const JointPod& first = end.pods.front();
  const auto differs = [&](const JointPod& pod) { return (!pod.before || pod.before != first.before) && (!pod.after || pod.after != first.after); };
  const auto found = std::find_if(end.pods.begin() + 1, end.pods.end(), differs);
  const JointPod& second = found != end.pods.end() ? *found : end.pods[1];
  return std::pair{JointEnd{end.text, {first}, {}}, JointEnd{end.text, {second}, {}}};
}

std::vector<JointUnit> joint_units(const ir::Cluster& before, const ir::Cluster& after) {
  std::vector<JointUnit> out;
  for (auto& [name, members] : members_of(before, after)) {
    const auto& [cluster, ns, kind, workload] = name;
    pair_up(members);
    JointUnit unit{text_of(cluster, ns, workload, kind), {}, {}};
    for (const Member& one : members) {
      unit.pods.push_back(one.pod);
      unit.texts.push_back(pod_text(one.paired ? before.pod(*one.pod.before) : one.pod.after ? after.pod(*one.pod.after) : before.pod(*one.pod.before)));
    }
    out.push_back(std::move(unit));
  }
  return out;
}

std::vector<JointClass> joint_classes(const DiffSide& before, const Access& of_before, const DiffSide& after, const Access& of_after) {
  const auto class_of = [](const Access& access, const std::optional<ir::PodId>& pod) {
    return pod ? std::optional(access.class_of_pod[pod->index]) : std::nullopt;
  };
  std::map<ClassKey, JointClass> all;
  for (JointUnit& unit : joint_units(before.cluster, after.cluster)) {
    std::vector<ClassKey> keys;
    for (const JointPod& pod : unit.pods) keys.emplace_back(class_of(of_before, pod.before), class_of(of_after, pod.after));
    if (std::all_of(keys.begin(), keys.end(), [&](const ClassKey& key) { return key == keys.front(); })) {
      all[keys.front()].ends.push_back({std::move(unit.text), std::move(unit.pods), {}});
      continue;
    }
    for (std::size_t i = 0; i < keys.size(); ++i) all[keys[i]].ends.push_back({std::move(unit.texts[i]), {unit.pods[i]}, {}});
  }
  std::vector<JointClass> out;
  for (auto& [key, one] : all) {
    one.before = key.first;
    one.after = key.second;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace weir::compiler
