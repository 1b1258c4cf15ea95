// Tested by testdata/diff/relabelled-pod-requests and relabelled-pod-group.
#include "compiler/verify/relabelled.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "compiler/verify/joint_pods.h"

namespace weir::compiler {
namespace {

using Labels = std::pair<ir::LabelSet, ir::LabelSet>;  // of one pod before and after

std::set<Labels> relabelled(const ir::Cluster& before, const ir::Cluster& after) {
  std::set<Labels> out;
  for (const JointUnit& unit : joint_units(before, after))
    for (const JointPod& pod : unit.pods) {
      if (!pod.before || !pod.after) continue;
      const ir::LabelSet &was = before.pod(*pod.before).labels, &is = after.pod(*pod.after).labels;
      if (was != is) out.emplace(was, is);
    }
  return out;
}

/// Whether the rule takes such a pod before and not after, or the other way round, as its subject or as a peer.
bool notices(const ir::Rule& rule, const std::set<Labels>& pods) {
  return std::any_of(pods.begin(), pods.end(), [&](const Labels& pod) {
    const auto differs = [&](const ir::Selector& selector) { return ir::matches(selector, pod.first) != ir::matches(selector, pod.second); };
    if (!rule.subject_is_node && differs(rule.subject)) return true;
    return rule.peers && std::any_of(rule.peers->begin(), rule.peers->end(), [&](const ir::Peer& peer) {
      const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
      return selector != nullptr && differs(selector->selector);
    });
  });
}

}  // namespace

std::string doubt(const ir::Rule& rule) {
  if (rule.conflict) return "rules that Cilium cannot compute beside each other decide what is asked";
  for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{}))
    if (const auto* group = std::get_if<ir::UnresolvedPeer>(&peer)) return "rules about `" + group->what + "` differ, and only its provider knows who is in it";
  return {};
}

void add_relabelled(const DiffSide& before, const DiffSide& after, TodayDiff& diff) {
  const std::set<Labels> pods = relabelled(before.cluster, after.cluster);
  if (pods.empty()) return;
  for (const ir::PolicySet* policies : {&before.policies, &after.policies})
    for (const ir::Rule& rule : policies->rules) {
      const bool matters = rule.l7 || !doubt(rule).empty();
      if (!matters || !notices(rule, pods)) continue;
      if (rule.l7 && diff.requests_unknown.empty()) diff.requests_unknown = "pods have other labels than before, and so other request rules; requests are compared over the same labels";
      if (!doubt(rule).empty() && diff.unknown.empty()) diff.unknown = "pods have other labels than before, and so other rules that only others can resolve";
    }
}

}  // namespace weir::compiler
