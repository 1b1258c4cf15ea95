// WEIR0220 map-capacity. Counts the entries that Cilium would install for each endpoint (compiler/lower/policy_map.h) and
// tells those that come near the size of the map: an agent that cannot insert an entry drops traffic that policy allows.
// Today's pods. Tested by tests/unit/compiler/verify/capacity_test.cpp.
#include "compiler/verify/capacity.h"

#include <algorithm>
#include <map>

#include "compiler/lower/lower.h"
#include "compiler/lower/policy_map.h"
#include "compiler/verify/checks.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

using ir::RuleId;

constexpr std::size_t kNamed = 4;
// ergonomics.md, story 9: tell at 80 %.
constexpr std::size_t kTell = kPolicyMapDefault * 8 / 10;

/// The rules of a map by their cost, the dearest first.
std::vector<std::pair<std::size_t, RuleId>> cost_of(const std::vector<MapEntry>& entries) {
  std::map<RuleId, std::size_t> by_rule;
  for (const MapEntry& entry : entries)
    if (entry.by) ++by_rule[*entry.by];
  std::vector<std::pair<std::size_t, RuleId>> cost;
  for (const auto& [id, count] : by_rule) cost.emplace_back(count, id);
  std::sort(cost.begin(), cost.end(), [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  return cost;
}

struct Full {
  std::size_t endpoint = 0;
  std::vector<MapEntry> entries;
  std::size_t others = 0;  // further endpoints above the bound
};

std::optional<Full> fullest(CiliumMaps& maps) {
  std::optional<Full> most;
  std::size_t count = 0;
  for (std::size_t i = 0; i < maps.endpoints().size(); ++i) {
    if (maps.at_most(i) < kTell) continue;
    std::vector<MapEntry> entries = maps.entries(i);
    if (entries.size() < kTell) continue;
    ++count;
    if (!most || entries.size() > most->entries.size()) most = Full{i, std::move(entries), 0};
  }
  if (most) most->others = count - 1;
  return most;
}

std::string pod_of(const ir::Cluster& cluster, const ir::LabelSet& labels) {
  for (const ir::Pod& pod : cluster.pods)
    if (pod.cluster.empty() && pod.labels == labels) return pod.namespace_name + "/" + pod.name;
  return to_text(labels);
}

/// How the count stands to what a map may hold.
std::string judged(std::size_t count) {
  if (count > kPolicyMapMost) return "no setting of `bpf-policy-map-max` holds them: the most is " + std::to_string(kPolicyMapMost);
  const std::string share = std::to_string(count * 100 / kPolicyMapDefault) + " % of the " + std::to_string(kPolicyMapDefault) +
                            " that `bpf-policy-map-max` gives by default";
  return share + "; the most it can give is " + std::to_string(kPolicyMapMost);
}

void report(const CheckContext& context, const CiliumMaps& maps, const Full& full) {
  const auto cost = cost_of(full.entries);
  if (cost.empty()) return;
  ir::Diagnostic found;
  found.kind = ir::Code::MapCapacity;
  found.primary = context.of_today.rule(cost.front().second).origin;
  found.detail = "the policy map of pod `" + pod_of(context.cluster(), *maps.endpoints()[full.endpoint]) + "` needs " +
                 std::to_string(full.entries.size()) + " entries in Cilium, " + judged(full.entries.size());
  for (std::size_t i = 0; i < cost.size() && i < kNamed; ++i)
    found.labels.push_back({context.of_today.rule(cost[i].second).origin, std::to_string(cost[i].first) + " of them for this rule"});
  if (full.others > 0) found.notes.push_back("so do the maps of " + std::to_string(full.others) + " further sorts of pods come near it");
  for (const std::string& note : maps.left_out()) found.notes.push_back("not counted: " + note);
  found.notes.push_back("each identity that a peer takes costs an entry for each port or block of ports");
  found.fix = "name fewer or wider CIDRs, ports in aligned ranges, or a broader selector; or raise `bpf-policy-map-max`";
  tell(context, std::move(found), World::Today);
}

std::string endpoint_text(const ir::PolicySet& policies, const ir::Cluster& cluster, CiliumMaps& maps, std::size_t endpoint) {
  const std::vector<MapEntry> entries = maps.entries(endpoint);
  std::string text = std::to_string(entries.size()) + "  " + pod_of(cluster, *maps.endpoints()[endpoint]) + "\n";
  const auto cost = cost_of(entries);
  for (std::size_t i = 0; i < cost.size() && i < kNamed; ++i)
    text += "    " + std::to_string(cost[i].first) + "  " + rule_name(policies, cost[i].second) + "\n";
  return text;
}

std::string own_tables(const ir::PolicySet& policies, const ir::Cluster& cluster, const ir::Files& files) {
  const auto tables = lower(policies, cluster, files, "");
  if (!tables) return "weir: " + tables.error().message + "\n";
  constexpr std::uint32_t kClasses = 65535;
  const auto of = [&](std::string_view what, std::size_t count) {
    return std::string(what) + " classes " + std::to_string(count) + " of " + std::to_string(kClasses);
  };
  return "weir: " + of("subject", tables->subject_classes) + ", " + of("peer", tables->peer_classes) + ", " + of("port", tables->port_classes) +
         "; " + std::to_string(tables->rows.size()) + " rows, " + std::to_string(tables->cells.size()) + " cells, " +
         std::to_string(tables->prefixes.size()) + " prefixes\n";
}

}  // namespace

std::string capacity_text(const ir::PolicySet& policies, const ir::Cluster& cluster, const ir::Files& files) {
  std::string text;
  if (cluster.settings.dialect != ir::Dialect::K8s) {
    CiliumMaps maps(policies, cluster);
    text += "cilium: entries of the policy map of each sort of pod, of " + std::to_string(kPolicyMapDefault) + " (at most " +
            std::to_string(kPolicyMapMost) + "); " + std::to_string(maps.identities().size() - 1) + " identities\n";
    for (std::size_t i = 0; i < maps.endpoints().size(); ++i) text += endpoint_text(policies, cluster, maps, i);
    for (const std::string& note : maps.left_out()) text += "not counted: " + note + "\n";
  }
  return text + own_tables(policies, cluster, files);
}

void check_capacity(const CheckContext& context) {
  if (context.cluster().settings.dialect == ir::Dialect::K8s) return;
  CiliumMaps maps(context.of_today, context.cluster());
  if (const auto full = fullest(maps)) report(context, maps, *full);
}

}  // namespace weir::compiler
