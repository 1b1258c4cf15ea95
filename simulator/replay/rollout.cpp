// Which namespace first? Each is enforced alone, all others in audit, and the recording is asked what that drops. A
// connection has two sides, each decided by the policies of the pod on that side, and each pod is in one namespace: so what
// several namespaces drop together is the union of what each drops alone, and namespaces that drop nothing may go together.
// An edge of one report names only one denying side; that is why each namespace gets a report of its own. Tested by
// tests/unit/simulator/replay/rollout_test.cpp.

#include "simulator/replay/rollout.h"

#include <algorithm>
#include <set>

#include "simulator/replay/whatif.h"

namespace weir::simulator {
namespace {

using compiler::Objects;

bool in_namespace(const std::string& end, const std::string& space) { return end.starts_with(space + "/"); }

bool touches(const ReplayEdge& edge, const std::string& space) { return in_namespace(edge.source, space) || in_namespace(edge.destination, space); }

/// Whose policies an edge was decided by.
const std::string& subject_of(const ReplayEdge& edge) { return edge.direction == ir::Direction::Ingress ? edge.destination : edge.source; }

/// A policy that is not of the subject's namespace may have had a say.
bool decided_wide(const ReplayEdge& edge) {
  const auto wide = [](const ir::RuleRef& rule) { return rule.kind != "Default" && rule.namespace_name.empty(); };
  return is_new_drop(edge) || edge.predicted == "DROPPED" || std::any_of(edge.decided_by.begin(), edge.decided_by.end(), wide);
}

/// Those with policies of their own, and those whose pods a cluster-wide policy selects.
std::set<std::string> candidates(const compiler::Resolved& resolved, const ReplayReport& whole) {
  std::set<std::string> names;
  bool wide = false;
  for (const ir::PolicyObject& policy : resolved.policies.policies) {
    if (!policy.cluster.empty()) continue;
    if (policy.namespace_name.empty())
      wide = true;
    else
      names.insert(policy.namespace_name);
  }
  if (!wide) return names;
  for (const ir::Rule& rule : resolved.policies.rules) {
    if (!resolved.policies.policies[rule.policy.index].namespace_name.empty() || rule.subject_is_node) continue;
    for (const ir::Pod& pod : resolved.cluster.pods)
      if (pod.cluster.empty() && !pod.host_network && !names.contains(pod.namespace_name) && ir::matches(rule.subject, pod.labels))
        names.insert(pod.namespace_name);
  }
  // Pods that only the recording has.
  for (const ReplayEdge& edge : whole.edges)
    if (const std::size_t slash = subject_of(edge).find('/'); decided_wide(edge) && slash != std::string::npos) names.insert(subject_of(edge).substr(0, slash));
  return names;
}

/// `spaces` enforced, every other one of `all` in audit.
Objects stage(Objects objects, const std::set<std::string>& all, const std::set<std::string>& spaces) {
  clear_policy_stages(objects);
  for (const std::string& space : all) set_stage(objects, space, spaces.contains(space) ? "enforce" : "audit");
  return objects;
}

bool drops_near(const ReplayReport& whole, const std::string& space) {
  return std::any_of(whole.edges.begin(), whole.edges.end(), [&](const ReplayEdge& edge) { return is_new_drop(edge) && touches(edge, space); });
}

/// `report`: of the namespace enforced alone.
NamespaceRollout rollout_of(const std::string& space, const ReplayReport& report) {
  NamespaceRollout out;
  out.name = space;
  for (const ReplayEdge& edge : report.edges) {
    if (is_new_drop(edge) && in_namespace(subject_of(edge), space)) {
      out.drops += edge.count;
      out.edges.push_back(edge);
    } else if (touches(edge, space)) {
      (edge.change == Change::Unknown || edge.change == Change::Unexplained ? out.unknown : out.same) += edge.count;
    }
  }
  std::stable_sort(out.edges.begin(), out.edges.end(), [](const ReplayEdge& a, const ReplayEdge& b) { return a.count > b.count; });
  for (const std::string& pod : report.pods_unseen)
    if (in_namespace(pod, space)) out.pods_unseen.push_back(pod);
  return out;
}

void order(std::vector<NamespaceRollout>& spaces) {
  std::sort(spaces.begin(), spaces.end(), [](const NamespaceRollout& a, const NamespaceRollout& b) { return std::tie(a.drops, a.name) < std::tie(b.drops, b.name); });
  std::size_t wave = 0;
  for (std::size_t i = 0; i < spaces.size(); ++i) {
    if (i == 0 || spaces[i].drops != 0) ++wave;
    spaces[i].wave = wave;
  }
}

/// What no label stages is not the namespace's doing.
void subtract(const std::vector<ReplayEdge>& always, NamespaceRollout& space) {
  for (const ReplayEdge& edge : always)
    if (const auto same = std::find(space.edges.begin(), space.edges.end(), edge); same != space.edges.end()) {
      space.drops -= same->count;
      space.edges.erase(same);
    }
}

}  // namespace

bool is_new_drop(const ReplayEdge& edge) {
  return edge.change == Change::NewlyDenied || (edge.recorded == "AUDIT" && edge.predicted == "DROPPED" && edge.change == Change::Same);
}

ir::Result<RolloutPlan> plan_rollout(const Objects& objects, const ResolveObjects& resolve, const TallyPolicies& tally) {
  const std::vector<std::string> known = local_namespaces(objects);
  std::set<std::string> all(known.begin(), known.end());
  const auto report_of = [&](const std::set<std::string>& enforced) -> ir::Result<ReplayReport> {
    const auto resolved = resolve(stage(objects, all, enforced));
    return resolved ? tally(*resolved) : tl::unexpected(resolved.error());
  };
  RolloutPlan plan;
  const auto everything = resolve(stage(objects, all, all));
  if (!everything) return tl::unexpected(everything.error());
  auto whole = tally(*everything);
  if (!whole) return tl::unexpected(whole.error());
  plan.whole = std::move(*whole);
  const std::set<std::string> spaces = candidates(*everything, plan.whole);
  all.insert(spaces.begin(), spaces.end());

  const auto audited = report_of({});
  if (!audited) return tl::unexpected(audited.error());
  std::copy_if(audited->edges.begin(), audited->edges.end(), std::back_inserter(plan.audit_drops), is_new_drop);
  for (const std::string& space : spaces) {
    // What one namespace drops, everything enforced drops too: without an end in it there is nothing to ask.
    if (!drops_near(plan.whole, space)) {
      plan.namespaces.push_back(rollout_of(space, plan.whole));
      continue;
    }
    const auto report = report_of({space});
    if (!report) return tl::unexpected(report.error());
    plan.namespaces.push_back(rollout_of(space, *report));
    subtract(plan.audit_drops, plan.namespaces.back());
  }
  order(plan.namespaces);
  return plan;
}

}  // namespace weir::simulator
