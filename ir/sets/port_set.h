#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/base/ports.h"
#include "ir/policy/policy_set.h"
#include "ir/sets/interval_set.h"

namespace weir::ir {

struct PortLine {
  static std::optional<std::uint32_t> next(std::uint32_t point) {
    return point == UINT32_MAX ? std::nullopt : std::optional(point + 1);
  }
  static std::optional<std::uint32_t> previous(std::uint32_t point) {
    return point == 0 ? std::nullopt : std::optional(point - 1);
  }
};

/// Protocols and destination ports in one line: a point is protocol * 65536 + port. An ICMP type has 0 to 255 and a
/// protocol without ports only 0; the last of them stands for every greater number, so that a whole protocol is one
/// interval and "everything" is one too.
using PortSet = IntervalSet<std::uint32_t, PortLine>;

struct PortPoint {
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  friend auto operator<=>(const PortPoint&, const PortPoint&) = default;
};

/// Every protocol number with every port.
[[nodiscard]] PortSet every_port();
/// What one entry of a port list matches. The last real port stands for all numbers above it, so that a whole protocol is
/// always one interval; one that its protocol does not have is empty, with first > last.
[[nodiscard]] PortSet::Interval interval_of(const PortMatch&);
/// What a port list matches: absent means everything (policy.md 3.6).
[[nodiscard]] PortSet ports_of(const std::optional<std::vector<PortMatch>>&);
[[nodiscard]] bool contains(const PortSet&, PortPoint);
/// A point people know: TCP before UDP, SCTP, ICMP, ICMPv6, then the others; not port 0 where there is a choice.
[[nodiscard]] std::optional<PortPoint> witness(const PortSet&);

}  // namespace weir::ir
