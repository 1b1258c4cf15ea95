#include "compiler/verify/joint_world.h"

#include <algorithm>
#include <map>

namespace weir::compiler {
namespace {

struct Stretch {
  ir::AddressSet::Interval addresses;
  PeerId peer;
};

/// Every address of both families once, in order.
std::vector<Stretch> stretches(const std::vector<WorldRegion>& regions) {
  std::vector<Stretch> out;
  for (const WorldRegion& region : regions)
    for (const auto& interval : region.addresses.intervals) out.push_back({interval, region.peer});
  std::sort(out.begin(), out.end(), [](const Stretch& a, const Stretch& b) { return a.addresses < b.addresses; });
  return out;
}

}  // namespace

std::vector<JointRegion> joint_world(const std::vector<WorldRegion>& before, const std::vector<WorldRegion>& after) {
  const std::vector<Stretch> a = stretches(before), b = stretches(after);
  std::map<std::pair<PeerId, PeerId>, std::vector<ir::AddressSet::Interval>> found;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const ir::IpAddress first = std::max(a[i].addresses.first, b[j].addresses.first), last = std::min(a[i].addresses.last, b[j].addresses.last);
    if (!(last < first)) found[{a[i].peer, b[j].peer}].push_back({first, last});
    if (a[i].addresses.last < b[j].addresses.last) ++i;
    else ++j;
  }
  std::vector<JointRegion> out;
  for (auto& [peers, intervals] : found) out.push_back({peers.first, peers.second, ir::AddressSet::joined(std::move(intervals))});
  return out;
}

}  // namespace weir::compiler
