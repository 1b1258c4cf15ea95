#include "tests/perf/known_traffic.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/perf/known_lives.h"
#include "tests/perf/known_pairs.h"

namespace weir::perf {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

void add(std::map<EdgeKey, EdgeCount>& sums, const EdgeKey& key, const EdgeCount& count) {
  const auto [at, fresh] = sums.try_emplace(key, count);
  if (fresh) return;
  EdgeCount& sum = at->second;
  sum.connections += count.connections;
  sum.first = std::min(sum.first, count.first);
  sum.last = std::max(sum.last, count.last);
}

void account(const Cluster& cluster, const Pair& pair, const std::map<EdgeKey, EdgeCount>& lived, Known& known) {
  const bool before = cluster.denied(pair, false), after = cluster.denied(pair, true);
  for (const auto& [key, count] : lived) {
    known.compared += count.connections;
    (before == after ? known.same : after ? known.newly_denied : known.newly_allowed) += count.connections;
    add(before == after ? known.kept : after ? known.denied : known.allowed, key, count);
  }
}

/// The node's file in the order in which lines arrive, with events that got lost in between.
void write_node(const std::string& path, const std::string& node, std::vector<Sent>& lines, std::mt19937_64& random, Known& known) {
  std::stable_sort(lines.begin(), lines.end(), [](const Sent& a, const Sent& b) { return a.arrives < b.arrives; });
  std::ofstream file(path, std::ios::binary);
  std::string text;
  for (const Sent& sent : lines) {
    if (random() % 500 == 0) {
      const std::uint64_t lost = 1 + random() % 100;
      append_lost_events(text, node, sent.arrives, lost);
      known.lost_of_node[node] += lost;
    }
    append(text, sent.line);
    if (text.size() > 1 << 20) {
      file << text;
      text.clear();
    }
  }
  file << text;
  known.lines += lines.size();
  known.flows_of_node[node] += lines.size();
}

void write_manifests(const Cluster& cluster, const std::filesystem::path& folder, bool after) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "cluster.yaml") << manifests_of(cluster, after);
}

}  // namespace

Known write_traffic(const TrafficPlan& plan, const std::string& folder) {
  const std::filesystem::path root = folder;
  std::mt19937_64 random(plan.seed);
  const Cluster cluster = make_cluster(plan, random);
  write_manifests(cluster, root / "before", false);
  write_manifests(cluster, root / "after", true);
  Sending sending;
  for (std::uint32_t n = 0; n < plan.nodes; ++n)
    sending.skew[fmt::format("node-{}", n)] = static_cast<std::int64_t>(random() % (4 * kSecond)) - 2 * kSecond;
  Known known;
  Lives lives(cluster, random, sending);
  for (const Pair& pair : cluster.pairs) account(cluster, pair, lives.live(pair), known);
  std::filesystem::create_directories(root / "flows");
  for (auto& [node, lines] : sending.nodes) write_node(root / "flows" / (node + ".jsonl"), node, lines, random, known);
  return known;
}

}  // namespace weir::perf
