#include "backends/ebpf/bundle/packet.h"

namespace weir::backends {
namespace {

constexpr std::uint8_t kTcp = 6, kUdp = 17, kSctp = 132, kIcmp = 1, kIcmpv6 = 58;

void put16(std::string& out, std::uint16_t v) {
  out += static_cast<char>(v >> 8);
  out += static_cast<char>(v & 0xff);
}

void put32(std::string& out, std::uint32_t v) {
  put16(out, static_cast<std::uint16_t>(v >> 16));
  put16(out, static_cast<std::uint16_t>(v));
}

void set16(std::string& out, std::size_t at, std::uint16_t v) {
  out[at] = static_cast<char>(v >> 8);
  out[at + 1] = static_cast<char>(v & 0xff);
}

/// RFC 1071.
std::uint16_t checksum(const std::string& bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    sum += std::uint32_t{static_cast<std::uint8_t>(bytes[i])} << (i % 2 == 0 ? 8 : 0);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::string bytes_of(const ir::IpAddress& address) {
  return {reinterpret_cast<const char*>(address.bytes.data()), address.bits() / 8};
}

std::string tcp(const PacketSpec& p) {
  std::string out;
  put16(out, p.source_port);
  put16(out, p.destination_port);
  put32(out, 1);
  put32(out, (p.tcp_flags & 0x10) != 0 ? 1 : 0);
  out += '\x50';
  out += static_cast<char>(p.tcp_flags);
  put16(out, 65535);
  put32(out, 0);
  return out + p.payload;
}

std::string udp(const PacketSpec& p) {
  std::string out;
  put16(out, p.source_port);
  put16(out, p.destination_port);
  put16(out, static_cast<std::uint16_t>(8 + p.payload.size()));
  put16(out, 0);
  return out + p.payload;
}

std::string sctp(const PacketSpec& p) {
  std::string out;
  put16(out, p.source_port);
  put16(out, p.destination_port);
  put32(out, 1);
  put32(out, 0);
  return out + p.payload;
}

std::string icmp(const PacketSpec& p) {
  std::string out{static_cast<char>(p.icmp_type), static_cast<char>(p.icmp_code)};
  put16(out, 0);
  put16(out, p.icmp_id);
  put16(out, 1);
  return out + p.payload;
}

std::string transport(const PacketSpec& p) {
  switch (p.protocol) {
    case kTcp: return tcp(p);
    case kUdp: return udp(p);
    case kSctp: return sctp(p);
    case kIcmp:
    case kIcmpv6: return icmp(p);
    default: return std::string(8, '\0') + p.payload;
  }
}

/// Where the checksum stands; 0: it has none that the kernel looks at.
std::size_t checksum_at(std::uint8_t protocol) {
  switch (protocol) {
    case kTcp: return 16;
    case kUdp: return 6;
    case kIcmp:
    case kIcmpv6: return 2;
    default: return 0;
  }
}

void fill_checksum(const PacketSpec& p, std::string& segment) {
  const std::size_t at = checksum_at(p.protocol);
  if (at == 0) return;
  std::string pseudo;
  if (p.protocol != kIcmp) {
    pseudo = bytes_of(p.source) + bytes_of(p.destination);
    put32(pseudo, static_cast<std::uint32_t>(segment.size()));
    put32(pseudo, p.protocol);
  }
  const std::uint16_t sum = checksum(pseudo + segment);
  set16(segment, at, sum == 0 && p.protocol == kUdp ? 0xffff : sum);
}

std::string ipv4(const PacketSpec& p, const std::string& segment) {
  std::string out{'\x45', '\0'};
  put16(out, static_cast<std::uint16_t>(20 + segment.size()));
  put16(out, 1);
  put16(out, p.later_fragment ? 8 : 0x4000);
  out += '\x40';
  out += static_cast<char>(p.protocol);
  put16(out, 0);
  out += bytes_of(p.source) + bytes_of(p.destination);
  set16(out, 10, checksum(out));
  return out + segment;
}

std::string ipv6(const PacketSpec& p, const std::string& segment) {
  std::string out{'\x60', '\0', '\0', '\0'};
  put16(out, static_cast<std::uint16_t>(segment.size()));
  out += static_cast<char>(p.protocol);
  out += '\x40';
  return out + bytes_of(p.source) + bytes_of(p.destination) + segment;
}

}  // namespace

std::string make_packet(const PacketSpec& p) {
  std::string segment = transport(p);
  fill_checksum(p, segment);
  const bool v4 = p.destination.family == ir::IpFamily::V4;
  std::string out("\x02\x77\x00\x00\x00\x01\x02\x77\x00\x00\x00\x02", 12);
  put16(out, v4 ? 0x0800 : 0x86dd);
  out += v4 ? ipv4(p, segment) : ipv6(p, segment);
  if (out.size() < 60) out.resize(60, '\0');
  return out;
}

}  // namespace weir::backends
