#include "ir/sets/port_set.h"

#include <algorithm>
#include <array>

namespace weir::ir {
namespace {

constexpr std::array kFamiliar = {Protocol::Tcp, Protocol::Udp, Protocol::Sctp, Protocol::Icmp, Protocol::Icmpv6};

std::uint32_t point(Protocol protocol, std::uint32_t port) { return (std::uint32_t(protocol) << 16) + port; }

/// The greatest port or type the protocol has.
std::uint16_t last_port(Protocol protocol) {
  switch (protocol) {
    case Protocol::Tcp: case Protocol::Udp: case Protocol::Sctp: return 65535;
    case Protocol::Icmp: case Protocol::Icmpv6: return 255;
  }
  return 0;
}

std::optional<PortPoint> witness_of(const PortSet& set, Protocol protocol) {
  const PortSet usual = set.intersect(PortSet::of(point(protocol, 1), point(protocol, 65535)));
  const PortSet zero = set.intersect(PortSet::of(point(protocol, 0), point(protocol, 0)));
  const auto found = !usual.empty() ? usual.witness() : zero.witness();
  if (!found) return std::nullopt;
  return PortPoint{protocol, std::min(static_cast<std::uint16_t>(*found & 0xffff), last_port(protocol))};
}

}  // namespace

PortSet::Interval interval_of(const PortMatch& match) {
  const std::uint32_t last = match.ports.last >= last_port(match.protocol) ? 65535 : match.ports.last;
  if (match.ports.first > last_port(match.protocol)) return {1, 0};
  return {point(match.protocol, match.ports.first), point(match.protocol, last)};
}

PortSet every_port() { return PortSet::of(0, point(static_cast<Protocol>(255), 65535)); }

PortSet ports_of(const std::optional<std::vector<PortMatch>>& ports) {
  if (!ports) return every_port();
  std::vector<PortSet::Interval> raw;
  for (const PortMatch& match : *ports) raw.push_back(interval_of(match));
  return PortSet::joined(std::move(raw));
}

bool contains(const PortSet& set, PortPoint where) { return set.contains(point(where.protocol, where.port)); }

std::optional<PortPoint> witness(const PortSet& set) {
  if (set.empty()) return std::nullopt;
  for (const Protocol protocol : kFamiliar)
    if (auto found = witness_of(set, protocol)) return found;
  return witness_of(set, static_cast<Protocol>(*set.witness() >> 16));
}

}  // namespace weir::ir
