#pragma once

#include <optional>
#include <string>

#include "backends/ebpf/bundle/packet.h"
#include "backends/ebpf/emit/emit.h"
#include "tests/kernel/harness/harness.h"
#include "tests/kernel/harness/tables.h"

namespace weir::kernel_test {

/// Compiles and loads the program of `tables`, fills copy 0; prints SKIPPED and returns nothing without bpf().
[[nodiscard]] std::optional<LoadedProgram> load_for(const ir::TableSet& tables);

/// The addresses of the tests: a pod, a peer that policy allows in both directions, and a stranger it denies.
inline constexpr const char* kPod4 = "10.0.0.1";
inline constexpr const char* kPeer4 = "10.1.0.9";
inline constexpr const char* kStranger4 = "192.0.2.7";
inline constexpr const char* kPod6 = "fd00::1";
inline constexpr const char* kPeer6 = "fd00:1::9";
inline constexpr const char* kStranger6 = "2001:db8::7";
inline constexpr std::uint32_t kPeerNumber = 300;

/// Two endpoints; class 1 is the peer's /16 (or /32), port class 1 is TCP 8080, 2 is UDP 53, 3 echo requests.
/// Endpoint 0: egress to the peer and ingress from it on those ports (rule 7), all else denied. Endpoint 1: denies all.
[[nodiscard]] TinyPolicy peer_policy();
/// The same classes, everything denied by rule 9.
[[nodiscard]] TinyPolicy deny_policy();

/// TCP with these flags, or another protocol.
[[nodiscard]] backends::PacketSpec tcp(const std::string& from, std::uint16_t from_port, const std::string& to,
                                       std::uint16_t to_port, std::uint8_t flags = 0x02);
[[nodiscard]] backends::PacketSpec udp(const std::string& from, std::uint16_t from_port, const std::string& to,
                                       std::uint16_t to_port);
/// ICMP or ICMPv6 by the family of the addresses.
[[nodiscard]] backends::PacketSpec icmp(const std::string& from, const std::string& to, std::uint8_t type,
                                        std::uint8_t code = 0, std::uint16_t id = 77);
/// An ICMP error of `type` from `router` about `about`, sent to about's source.
[[nodiscard]] std::string error_about(const backends::PacketSpec& about, const std::string& router, std::uint8_t type,
                                      std::uint8_t code);
/// Puts IPv4 options (a multiple of 4 bytes) into a frame and mends the lengths.
[[nodiscard]] std::string with_options(std::string frame, std::size_t bytes);
/// Puts extension headers between the IPv6 header and its payload: (protocol number, bytes with next header left 0).
struct Extension {
  std::uint8_t protocol;
  std::string bytes;
};
[[nodiscard]] std::string with_extensions(std::string frame, const std::vector<Extension>& extensions);

}  // namespace weir::kernel_test
