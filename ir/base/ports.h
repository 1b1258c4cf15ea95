#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::ir {

/// IP protocol numbers (IANA). Any other number is legal too.
enum class Protocol : std::uint8_t { Icmp = 1, Tcp = 6, Udp = 17, Icmpv6 = 58, Sctp = 132 };

/// "TCP", "UDP", "SCTP", "ICMP", "ICMPv6", else the number.
[[nodiscard]] std::string to_text(Protocol);
/// Case-insensitive; ICMPv4 is ICMP; a decimal number 0..255 is accepted.
[[nodiscard]] std::optional<Protocol> parse_protocol(std::string_view);

/// An inclusive range of destination ports, host byte order; for ICMP and ICMPv6 a range of types.
struct PortRange {
  std::uint16_t first = 0, last = 65535;
  friend auto operator<=>(const PortRange&, const PortRange&) = default;
  [[nodiscard]] bool contains(std::uint16_t port) const { return first <= port && port <= last; }
  [[nodiscard]] bool all() const { return first == 0 && last == 65535; }
};

}  // namespace weir::ir
