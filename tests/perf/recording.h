#pragma once

#include <cstdint>
#include <string>

namespace weir::perf {

/// What a generated recording is made of. The same plan gives the same bytes.
struct Plan {
  std::uint64_t bytes = 1'000'000'000;  // of the recording, about
  std::uint64_t seed = 1;
  std::uint32_t namespaces = 10, workloads = 8, replicas = 3, nodes = 20;
  std::uint32_t lines_per_second = 2000;
  bool node_labels = false;             // a line is then about 2.4 kB (flows.md 1.4, 5)
};

/// Writes a recording as a relay hands it out, about 1.4 kB a line (flows.md 6): connections of pods over TCP and UDP, seen by
/// the nodes of both ends, with verdicts, traces and replies; drops, and some to the outside. Gives the number of lines.
std::uint64_t write_recording(const Plan&, const std::string& path);

/// The same lines, each in the file of the node that saw it: FOLDER/node-00.jsonl and so on.
std::uint64_t write_node_recordings(const Plan&, const std::string& folder);

/// The pods of the plan, and policies that select them: one for each workload, and a default deny in each namespace.
void write_manifests(const Plan&, const std::string& path);

}  // namespace weir::perf
