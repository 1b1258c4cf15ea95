#include "compiler/lower/cidr_index.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace weir::compiler {

std::size_t CidrIndex::Hash::operator()(const ir::IpAddress& address) const noexcept {
  std::uint64_t high = 0, low = 0;
  std::memcpy(&high, address.bytes.data(), 8);
  std::memcpy(&low, address.bytes.data() + 8, 8);
  std::uint64_t mixed = (high ^ low * 0x9e3779b97f4a7c15ull) * 0xff51afd7ed558ccdull;
  return mixed ^ mixed >> 32;
}

CidrIndex::Entry& CidrIndex::at(const ir::IpPrefix& prefix) {
  return levels_[static_cast<std::size_t>(prefix.address.family)][prefix.length][prefix.address];
}

void CidrIndex::add(std::uint32_t number, const ir::CidrPeer& peer) {
  at(peer.cidr).included.push_back(number);
  for (const ir::IpPrefix& except : peer.except) at(except).excepted.push_back(number);
}

std::vector<std::uint32_t> CidrIndex::holding(const ir::IpPrefix& prefix) const {
  std::vector<std::uint32_t> included, excepted, answer;
  for (const auto& [length, level] : levels_[static_cast<std::size_t>(prefix.address.family)]) {
    if (length > prefix.length) break;
    const auto found = level.find(ir::masked(prefix.address, length));
    if (found == level.end()) continue;
    const Entry& entry = found->second;
    included.insert(included.end(), entry.included.begin(), entry.included.end());
    excepted.insert(excepted.end(), entry.excepted.begin(), entry.excepted.end());
  }
  std::sort(included.begin(), included.end());
  std::sort(excepted.begin(), excepted.end());
  std::set_difference(included.begin(), included.end(), excepted.begin(), excepted.end(), std::back_inserter(answer));
  return answer;
}

std::vector<ir::IpPrefix> CidrIndex::prefixes() const {
  std::vector<ir::IpPrefix> all;
  for (const auto& family : levels_)
    for (const auto& [length, level] : family)
      for (const auto& [address, entry] : level) all.push_back({address, static_cast<std::uint8_t>(length)});
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace weir::compiler
