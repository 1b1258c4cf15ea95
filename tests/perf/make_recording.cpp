// make_recording DIR [BYTES [SEED]] [--node-labels] [--by-node]: DIR/manifests.yaml and DIR/recording.jsonl, or a file for
// each node in DIR/nodes. For benchmarks and by hand.
// make_recording DIR --change [SEED [PAIRS [CONNECTIONS]]]: traffic before and after a change that is known (known_traffic.h), and what
// replay must say about it.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/perf/known_traffic.h"
#include "tests/perf/recording.h"

namespace {

int write_change(const std::vector<std::string>& plain) {
  weir::perf::TrafficPlan plan;
  if (plain.size() > 1) plan.seed = std::strtoull(plain[1].c_str(), nullptr, 10);
  if (plain.size() > 2) plan.pairs = static_cast<std::uint32_t>(std::strtoul(plain[2].c_str(), nullptr, 10));
  if (plain.size() > 3) plan.connections = static_cast<std::uint32_t>(std::strtoul(plain[3].c_str(), nullptr, 10));
  const weir::perf::Known known = weir::perf::write_traffic(plan, plain[0]);
  const auto print = [](const char* what, std::uint64_t number) { std::printf("%s %llu\n", what, static_cast<unsigned long long>(number)); };
  print("lines", known.lines);
  print("compared", known.compared);
  print("same", known.same);
  print("newly denied", known.newly_denied);
  print("newly allowed", known.newly_allowed);
  for (const auto& [key, count] : known.denied)
    std::printf("denied %s %s %s/%u %llu\n", key.source.c_str(), key.destination.c_str(), key.protocol.c_str(), key.port,
                static_cast<unsigned long long>(count.connections));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  weir::perf::Plan plan;
  std::vector<std::string> plain;
  bool by_node = false, change = false;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument == "--node-labels") plan.node_labels = true;
    else if (argument == "--by-node") by_node = true;
    else if (argument == "--change") change = true;
    else plain.push_back(argument);
  }
  if (plain.empty()) {
    std::fprintf(stderr, "usage: make_recording DIR [BYTES [SEED]] [--node-labels] [--by-node] | DIR --change [SEED [PAIRS [CONNECTIONS]]]\n");
    return 2;
  }
  if (change) return write_change(plain);
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
