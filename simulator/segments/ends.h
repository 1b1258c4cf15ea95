#pragma once

#include <array>
#include <cstdint>
#include <tuple>

#include "simulator/flows/record.h"
#include "simulator/segments/kind_row.h"

namespace weir::simulator {

/// The two ends of a line without saying which is the client: `low` orders before `high` by address, then port. For ICMP both
/// ports are the type of the request (flows.md 1.5).
struct Ends {
  std::array<std::uint8_t, 16> low_address{}, high_address{};
  std::uint32_t cluster = 0;
  std::uint16_t low_port = 0, high_port = 0;
  std::uint8_t protocol = 0, v6 = 0;
  friend bool operator==(const Ends&, const Ends&) = default;
};

/// An echo reply folds into its request.
[[nodiscard]] inline std::uint16_t request_port(std::uint8_t protocol, std::uint16_t port) {
  if (protocol == 1 && port == 0) return 8;
  return protocol == 58 && port == 129 ? 128 : port;
}

/// Of a record with both addresses, protocol and ports.
[[nodiscard]] inline Ends ends_of(const Record& flow, bool& source_is_low) {
  const auto protocol = static_cast<std::uint8_t>(*flow.protocol);
  const std::uint16_t source = request_port(protocol, flow.source_port), destination = request_port(protocol, flow.destination_port);
  const auto &from = flow.source_address->bytes, &to = flow.destination_address->bytes;
  source_is_low = std::tie(from, source) <= std::tie(to, destination);
  return {source_is_low ? from : to,          source_is_low ? to : from, flow.cluster, source_is_low ? source : destination,
          source_is_low ? destination : source, protocol,                  flow.source_address->family == ir::IpFamily::V6};
}

struct EndsHash {
  std::size_t operator()(const Ends& ends) const noexcept {
    static_assert(sizeof(Ends) == 44, "no padding but the last two bytes");
    return hash_bytes({reinterpret_cast<const char*>(&ends), 42});
  }
};

}  // namespace weir::simulator
