// make_cluster FOLDER [PODS POLICIES [SEED]]: the input of cluster_bench as files, to run `weir` on by hand.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "tests/perf/big_cluster.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: make_cluster FOLDER [PODS POLICIES [SEED]]\n";
    return 2;
  }
  weir::perf::ClusterSize size;
  if (argc > 3) size.pods = static_cast<std::uint32_t>(std::atoi(argv[2])), size.policies = static_cast<std::uint32_t>(std::atoi(argv[3]));
  if (argc > 4) size.seed = static_cast<std::uint64_t>(std::atoll(argv[4]));
  const std::string folder = argv[1];
  std::ofstream inventory(folder + "/inventory.json"), policies(folder + "/policies.json");
  weir::perf::write_inventory(size, inventory);
  weir::perf::write_policies(size, policies);
  return inventory.good() && policies.good() ? 0 : 1;
}
