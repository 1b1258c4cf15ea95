#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::ir {

enum class IpFamily : std::uint8_t { V4, V6 };

/// An IPv4 or IPv6 address in network byte order. IPv4 uses the first four bytes; the rest is zero.
struct IpAddress {
  IpFamily family = IpFamily::V4;
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
  [[nodiscard]] unsigned bits() const { return family == IpFamily::V4 ? 32 : 128; }
};

/// Host bits are zero (`parse_prefix` clears them and says so through `had_host_bits`).
struct IpPrefix {
  IpAddress address;
  std::uint8_t length = 0;  // 0..32 or 0..128
  friend auto operator<=>(const IpPrefix&, const IpPrefix&) = default;
};

/// Strict dotted quad without leading zeros, or RFC 4291 text without zone; nullopt otherwise.
[[nodiscard]] std::optional<IpAddress> parse_address(std::string_view);
/// "10.0.0.0/8" or a bare address (full length). Host bits are cleared.
[[nodiscard]] std::optional<IpPrefix> parse_prefix(std::string_view, bool* had_host_bits = nullptr);

[[nodiscard]] std::string to_text(const IpAddress&);
[[nodiscard]] std::string to_text(const IpPrefix&);

[[nodiscard]] bool contains(const IpPrefix& prefix, const IpAddress& address);
[[nodiscard]] bool contains(const IpPrefix& outer, const IpPrefix& inner);
[[nodiscard]] IpPrefix prefix_of(const IpAddress&);                  // /32 or /128
[[nodiscard]] IpAddress masked(IpAddress address, unsigned length);  // host bits cleared
[[nodiscard]] IpAddress last_address(const IpPrefix&);
/// The next address, or nullopt after the last one of its family.
[[nodiscard]] std::optional<IpAddress> next(IpAddress);

}  // namespace weir::ir
