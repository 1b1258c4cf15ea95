#pragma once

#include <cstdint>
#include <string>

#include "ir/base/ip.h"

namespace weir::backends {

/// A frame to build: both addresses of one family. What canaries and tests send.
struct PacketSpec {
  ir::IpAddress source, destination;
  std::uint8_t protocol = 6;           // 6 TCP, 17 UDP, 132 SCTP, 1 ICMP, 58 ICMPv6; others have no header of their own
  std::uint16_t source_port = 40000, destination_port = 0;
  std::uint8_t icmp_type = 0, icmp_code = 0;
  std::uint16_t icmp_id = 1;
  std::uint8_t tcp_flags = 0x02;       // SYN
  bool later_fragment = false;         // IPv4: a fragment that is not the first
  std::string payload;
};

/// Ethernet, IP and transport header with right checksums; at least 60 bytes.
[[nodiscard]] std::string make_packet(const PacketSpec&);

}  // namespace weir::backends
