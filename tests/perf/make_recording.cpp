// make_recording DIR [BYTES [SEED]] [--node-labels] [--by-node]: DIR/manifests.yaml and DIR/recording.jsonl, or a file for
// each node in DIR/nodes. For benchmarks and by hand.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/perf/recording.h"

int main(int count, char** arguments) {
  weir::perf::Plan plan;
  std::vector<std::string> plain;
  bool by_node = false;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument == "--node-labels") plan.node_labels = true;
    else if (argument == "--by-node") by_node = true;
    else plain.push_back(argument);
  }
  if (plain.empty()) {
    std::fprintf(stderr, "usage: make_recording DIR [BYTES [SEED]] [--node-labels] [--by-node]\n");
    return 2;
  }
  if (plain.size() > 1) plan.bytes = std::strtoull(plain[1].c_str(), nullptr, 10);
  if (plain.size() > 2) plan.seed = std::strtoull(plain[2].c_str(), nullptr, 10);
  const std::string& folder = plain[0];
  std::filesystem::create_directories(by_node ? folder + "/nodes" : folder);
  weir::perf::write_manifests(plan, folder + "/manifests.yaml");
  const std::uint64_t lines = by_node ? weir::perf::write_node_recordings(plan, folder + "/nodes")
                                      : weir::perf::write_recording(plan, folder + "/recording.jsonl");
  std::printf("%llu lines\n", static_cast<unsigned long long>(lines));
  return lines == 0 ? 5 : 0;
}
