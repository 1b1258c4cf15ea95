// policy.md 8.1: which policies of equal priority meet on a pod.

#include <set>
#include <tuple>

#include "compiler/resolve/admin_policy.h"

namespace weir::compiler {
namespace {

using Level = std::tuple<ir::Tier, std::int32_t, ir::Direction>;
using LevelMembers = std::map<Level, std::vector<const AdminPolicy*>>;

bool speaks(const AdminPolicy& policy, ir::Direction direction) {
  const auto& rules = direction == ir::Direction::Ingress ? policy.ingress : policy.egress;
  return rules && !rules->empty();
}

LevelMembers by_level(const std::vector<const AdminPolicy*>& policies) {
  LevelMembers out;
  for (const AdminPolicy* policy : policies)
    for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress})
      if (speaks(*policy, direction)) out[{policy->tier, policy->priority, direction}].push_back(policy);
  return out;
}

/// Pods with the same labels meet the same policies.
std::set<ir::LabelSet> label_sets(const ir::Cluster& cluster) {
  std::set<ir::LabelSet> out;
  for (const ir::Pod& pod : cluster.pods)
    if (!pod.host_network) out.insert(pod.labels);
  return out;
}

}  // namespace

Rivals find_rivals(const std::vector<const AdminPolicy*>& policies, const ir::Cluster& cluster) {
  Rivals out;
  std::set<ir::LabelSet> pods;
  for (const auto& [level, members] : by_level(policies)) {
    if (members.size() < 2) continue;
    if (pods.empty()) pods = label_sets(cluster);
    std::vector<ir::Selector> subjects;
    for (const AdminPolicy* policy : members) subjects.push_back(admin_pods(policy->subject));
    for (const ir::LabelSet& labels : pods) {
      const AdminPolicy* first = nullptr;
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (!ir::matches(subjects[i], labels)) continue;
        if (first != nullptr) {
          out.emplace(first, members[i]);
          out.emplace(members[i], first);
        }
        first = first == nullptr ? members[i] : first;
      }
    }
  }
  return out;
}

}  // namespace weir::compiler
