#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "backends/ebpf/emit/map_contents.h"
#include "ir/base/ip.h"

namespace weir::agent {

/// The kernel's ipcache is shared by both copies of the tables, so its values are the agent's own indices ("slots"); each
/// copy says what a slot means there: an identity index of its bundle.
inline constexpr std::uint32_t kUnused = 0xffffffff;
using Meaning = std::vector<std::uint32_t>;              // [slot] -> identity index of a bundle, or kUnused
using Slots = std::map<ir::IpPrefix, std::uint32_t>;     // what ipcache holds

/// How to go from one bundle to the next without a packet that sees a mixture (datapath.md 3 "Update").
struct IdentityPlan {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> prefill;  // slot -> slot whose meaning in the OLD copy it takes
  Meaning meaning;                                               // of the NEW copy
  std::vector<std::pair<ir::IpPrefix, std::uint32_t>> insert;    // into ipcache, before the flip
};

/// nullopt: more slots are needed than `capacity`. `old_meaning` is that of the copy that enforces now.
[[nodiscard]] std::optional<IdentityPlan> plan_identities(const Slots& live, const Meaning& old_meaning,
                                                          const std::vector<backends::IpcacheEntry>& next,
                                                          std::uint32_t capacity);

/// What is left to do once no packet reads the other copy any more: prefixes that the bundle lacks go, and one slot is
/// enough for an identity.
struct CleanupPlan {
  std::vector<ir::IpPrefix> remove;
  std::vector<std::pair<ir::IpPrefix, std::uint32_t>> update;
};
[[nodiscard]] CleanupPlan plan_cleanup(const Slots& live, const Meaning& meaning,
                                       const std::vector<backends::IpcacheEntry>& current);

}  // namespace weir::agent
