#include "compiler/verify/joint_pods.h"

#include <algorithm>
#include <tuple>

namespace weir::compiler {
namespace {

using ClassKey = std::pair<std::optional<PodClassId>, std::optional<PodClassId>>;
using PodName = std::tuple<std::string, std::string, std::string>;                // cluster, namespace, name
using UnitName = std::tuple<std::string, std::string, std::string, std::string>;  // cluster, namespace, kind and name of the workload

struct Member {
  PodName name;
  JointPod pod;
  ClassKey key;
};

/// A static pod is owned by its node; it stands for itself.
UnitName unit_of(const ir::Pod& pod) {
  const bool itself = pod.workload.kind == "Node";
  return {pod.cluster, pod.namespace_name, itself ? "Pod" : pod.workload.kind, itself ? pod.name : pod.workload.name};
}

std::string text_of(const std::string& cluster, const std::string& ns, const std::string& name, const std::string& kind) {
  return (cluster.empty() ? "" : cluster + ":") + ns + "/" + name + "[" + kind + "]";
}

class Collector {
 public:
  void add(const DiffSide& side, const Access& access, bool after) {
    for (std::uint32_t i = 0; i < side.cluster.pods.size(); ++i) {
      const ir::Pod& pod = side.cluster.pods[i];
      if (pod.host_network) continue;
      const PodName name{pod.cluster, pod.namespace_name, pod.name};
      Member& member = members_[name];
      member.name = name;
      (after ? member.pod.after : member.pod.before) = ir::PodId{i};
      (after ? member.key.second : member.key.first) = access.class_of_pod[i];
      // The later inventory says what the pod belongs to.
      unit_of_[name] = unit_of(pod);
    }
  }

  std::vector<JointClass> classes() {
    std::map<UnitName, std::vector<const Member*>> units;
    for (const auto& [name, member] : members_) units[unit_of_.at(name)].push_back(&member);
    std::map<ClassKey, JointClass> all;
    for (const auto& [name, list] : units) add_unit(name, list, all);
    std::vector<JointClass> out;
    for (auto& [key, one] : all) {
      one.before = key.first;
      one.after = key.second;
      out.push_back(std::move(one));
    }
    return out;
  }

 private:
  static void add_unit(const UnitName& unit, const std::vector<const Member*>& list, std::map<ClassKey, JointClass>& all) {
    const auto& [cluster, ns, kind, workload] = unit;
    const bool alike = std::all_of(list.begin(), list.end(), [&](const Member* one) { return one->key == list.front()->key; });
    if (alike) {
      all[list.front()->key].ends.push_back({text_of(cluster, ns, workload, kind), list.front()->pod, {}});
      return;
    }
    for (const Member* one : list) all[one->key].ends.push_back({text_of(cluster, ns, std::get<2>(one->name), "Pod"), one->pod, {}});
  }

  std::map<PodName, Member> members_;
  std::map<PodName, UnitName> unit_of_;
};

}  // namespace

std::string end_text(const ir::Pod& pod) {
  const auto [cluster, ns, kind, name] = unit_of(pod);
  return text_of(cluster, ns, name, kind);
}

std::vector<JointClass> joint_classes(const DiffSide& before, const Access& of_before, const DiffSide& after, const Access& of_after) {
  Collector collector;
  collector.add(before, of_before, false);
  collector.add(after, of_after, true);
  return collector.classes();
}

}  // namespace weir::compiler
