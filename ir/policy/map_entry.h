#pragma once

#include <cstdint>
#include <vector>

#include "ir/policy/policy_set.h"

namespace weir::ir {

// What Cilium's policy map knows of a rule, as far as it says which of several matching entries a packet meets
// (policy.md 6.2 to 6.4): the one of the highest precedence, then that of the longest port prefix, then the peer's own.

/// Of one level and action: higher wins. 0: no redirect.
[[nodiscard]] std::uint8_t redirect_precedence(const Rule&);

/// The ports of the entry that `port` meets: a range is written as the fewest aligned blocks. The range holds the port.
[[nodiscard]] std::uint32_t entry_width(PortRange, std::uint16_t port);
/// The narrowest entry of several ranges; wider than any when none of them matches.
[[nodiscard]] std::uint32_t entry_width(const std::vector<PortMatch>&, Protocol, std::uint16_t port);
/// The first port of each of these blocks.
[[nodiscard]] std::vector<std::uint16_t> entry_starts(PortRange);
inline constexpr std::uint32_t kEveryPort = 65536;     // the whole protocol
inline constexpr std::uint32_t kNoEntryPort = 0x20000; // of a rule without ports

}  // namespace weir::ir
