#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "ir/base/ip.h"
#include "ir/policy/policy_set.h"

namespace weir::compiler {

/// Many CIDR peers, asked which of them hold an address: one hash probe for each prefix length in use.
class CidrIndex {
 public:
  /// `number` is what the answers call this peer.
  void add(std::uint32_t number, const ir::CidrPeer&);
  /// The peers that hold every address of `prefix` that no longer prefix of the index covers, ascending.
  [[nodiscard]] std::vector<std::uint32_t> holding(const ir::IpPrefix&) const;
  /// Every `cidr` and `except`, sorted, each once (datapath.md 3 "peer classes").
  [[nodiscard]] std::vector<ir::IpPrefix> prefixes() const;

 private:
  struct Entry {
    std::vector<std::uint32_t> included, excepted;
  };
  struct Hash {
    std::size_t operator()(const ir::IpAddress&) const noexcept;
  };
  using Level = std::unordered_map<ir::IpAddress, Entry, Hash>;

  Entry& at(const ir::IpPrefix&);
  std::map<unsigned, Level> levels_[2];  // [family][length]
};

}  // namespace weir::compiler
