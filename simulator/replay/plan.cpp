#include "simulator/replay/plan.h"

namespace weir::simulator {

ir::Result<std::vector<Shard>> plan_shards(const std::vector<std::string>& paths, std::size_t count) {
  std::vector<Shard> shards(count);
  for (const std::string& path : paths) shards[0].slices.push_back({path});
  return shards;
}

}  // namespace weir::simulator
