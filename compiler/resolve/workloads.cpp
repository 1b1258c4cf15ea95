#include "compiler/resolve/workloads.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "ir/cluster/selector.h"

namespace weir::compiler {
namespace {

// "frontend-7d9f" with the pod label pod-template-hash=7d9f was made by Deployment "frontend".
std::optional<std::string> deployment_of(const std::string& replica_set, const StringMap& labels) {
  const auto hash = labels.find("pod-template-hash");
  if (hash == labels.end() || hash->second.empty()) return std::nullopt;
  const std::string suffix = "-" + hash->second;
  if (!replica_set.ends_with(suffix) || replica_set.size() == suffix.size()) return std::nullopt;
  return replica_set.substr(0, replica_set.size() - suffix.size());
}

// A CronJob names its Jobs NAME-MINUTES, minutes since 1970: eight digits from 1989 to 2160.
std::optional<std::string> cron_job_of(const std::string& job) {
  const std::size_t dash = job.rfind('-');
  if (dash == std::string::npos || dash == 0 || job.size() - dash != 9) return std::nullopt;
  const bool digits = std::all_of(job.begin() + static_cast<long>(dash) + 1, job.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? std::optional(job.substr(0, dash)) : std::nullopt;
}

bool selects(const LabelSelector& selector, const StringMap& labels) {
  ir::LabelSet set;
  for (const auto& [key, value] : labels) set.set({"k8s", key, value});
  return std::all_of(selector.requirements.begin(), selector.requirements.end(), [&](const LabelRequirement& r) {
    return ir::matches(ir::Requirement{"k8s", r.key, r.op, r.values}, set);
  });
}

using Key = std::tuple<std::string, std::string, std::string, std::string>;  // cluster, namespace, kind, name
using Place = std::pair<std::string, std::string>;                           // cluster, namespace

/// The pods that are given, by what they belong to.
struct Given {
  std::set<Key> owners;
  std::map<Place, std::vector<const PodObject*>> alone;  // pods without an owner
};

Given given_pods(const InventoryObjects& inventory) {
  Given out;
  for (const PodObject& pod : inventory.pods) {
    if (pod.finished) continue;
    const ir::Workload owner = workload_of(pod);
    out.owners.emplace(pod.meta.cluster, pod.meta.namespace_name, owner.kind, owner.name);
    if (pod.meta.owners.empty()) out.alone[{pod.meta.cluster, pod.meta.namespace_name}].push_back(&pod);
  }
  return out;
}

bool has_pod(const WorkloadObject& workload, const Given& pods) {
  const ir::Workload top = top_workload(workload);
  const auto& [cluster, space] = std::tie(workload.meta.cluster, workload.meta.namespace_name);
  if (pods.owners.contains({cluster, space, top.kind, top.name})) return true;
  if (pods.owners.contains({cluster, space, workload.meta.kind, workload.meta.name})) return true;
  const auto alone = pods.alone.find({cluster, space});
  if (alone == pods.alone.end() || !workload.selector || workload.selector->requirements.empty()) return false;
  return std::any_of(alone->second.begin(), alone->second.end(),
                     [&](const PodObject* pod) { return selects(*workload.selector, pod->meta.labels); });
}

}  // namespace

ir::Workload workload_of(const PodObject& pod) {
  if (pod.meta.owners.empty()) return {"Pod", pod.meta.name};
  const OwnerReference& owner = pod.meta.owners.front();
  if (owner.kind == "ReplicaSet")
    if (auto name = deployment_of(owner.name, pod.meta.labels)) return {"Deployment", *name};
  if (owner.kind == "Job")
    if (auto name = cron_job_of(owner.name)) return {"CronJob", *name};
  return {owner.kind, owner.name};
}

ir::Workload top_workload(const WorkloadObject& workload) {
  for (const OwnerReference& owner : workload.meta.owners)
    if (owner.kind == "Deployment" || owner.kind == "CronJob") return {owner.kind, owner.name};
  return {workload.meta.kind, workload.meta.name};
}

std::vector<const WorkloadObject*> without_pods(const InventoryObjects& inventory) {
  const Given pods = given_pods(inventory);
  std::set<Key> given, made;
  for (const WorkloadObject& w : inventory.workloads)
    given.emplace(w.meta.cluster, w.meta.namespace_name, w.meta.kind, w.meta.name);
  std::vector<const WorkloadObject*> out;
  for (const WorkloadObject& workload : inventory.workloads) {
    const ir::Workload top = top_workload(workload);
    const bool owned = top.kind != workload.meta.kind;
    const Key key{workload.meta.cluster, workload.meta.namespace_name, top.kind, top.name};
    // An old ReplicaSet of a rollout has no replicas and an old template.
    if (owned && (given.contains(key) || workload.replicas == 0)) continue;
    if (!has_pod(workload, pods) && made.insert(key).second) out.push_back(&workload);
  }
  return out;
}

}  // namespace weir::compiler
