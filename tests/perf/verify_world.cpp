#include "tests/perf/verify_world.h"

#include <algorithm>
#include <chrono>
#include <sstream>

#include "ir/cluster/settings_merge.h"

namespace weir::perf {

using namespace weir::compiler;

double best_ms(int rounds, const std::function<void()>& work) {
  double best = 1e12;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

World make_world(const ClusterSize& size) {
  World out;
  ir::Diagnostics diagnostics;
  std::ostringstream inventory, policies;
  write_inventory(size, inventory);
  write_policies(size, policies);
  Sources sources = read_text("inventory.json", inventory.str(), {}, out.files, diagnostics);
  Sources more = read_text("policies.json", policies.str(), {}, out.files, diagnostics);
  std::move(more.documents.begin(), more.documents.end(), std::back_inserter(sources.documents));
  const Objects objects = read(sources, out.files, diagnostics);
  out.resolved = resolve(objects, *ir::merge_settings({}), out.files, diagnostics, Lints::No);
  return out;
}

}  // namespace weir::perf
