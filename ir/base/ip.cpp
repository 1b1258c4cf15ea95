#include "ir/base/ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace weir::ir {
namespace {

constexpr bool bit_is_host(unsigned bit, unsigned length) { return bit >= length; }

void set_host_bits(IpAddress& address, unsigned length, bool value) {
  for (unsigned byte = length / 8; byte < address.bits() / 8; ++byte) {
    std::uint8_t mask = 0;
    for (unsigned b = 0; b < 8; ++b)
      if (bit_is_host(byte * 8 + b, length)) mask = static_cast<std::uint8_t>(mask | (0x80u >> b));
    address.bytes[byte] = static_cast<std::uint8_t>(value ? address.bytes[byte] | mask : address.bytes[byte] & ~mask);
  }
}

}  // namespace

std::optional<IpAddress> parse_address(std::string_view text) {
  if (text.size() > 45 || text.empty()) return std::nullopt;
  const std::string copy(text);  // inet_pton wants a terminated string
  if (copy.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address;
  if (copy.find(':') == std::string::npos) {
    if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) != 1) return std::nullopt;
    return address;
  }
  address.family = IpFamily::V6;
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

std::optional<IpPrefix> parse_prefix(std::string_view text, bool* had_host_bits) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  unsigned length = address->bits();
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    const bool leading_zero = digits.size() > 1 && digits[0] == '0';
    if (error != std::errc{} || end != digits.data() + digits.size() || length > address->bits() || leading_zero)
      return std::nullopt;
  }
  IpPrefix prefix{masked(*address, length), static_cast<std::uint8_t>(length)};
  if (had_host_bits) *had_host_bits = prefix.address != *address;
  return prefix;
}

std::string to_text(const IpAddress& address) {
  char buffer[INET6_ADDRSTRLEN] = {};
  inet_ntop(address.family == IpFamily::V4 ? AF_INET : AF_INET6, address.bytes.data(), buffer, sizeof buffer);
  return buffer;
}

std::string to_text(const IpPrefix& prefix) { return to_text(prefix.address) + "/" + std::to_string(prefix.length); }

bool contains(const IpPrefix& prefix, const IpAddress& address) {
  if (prefix.address.family != address.family) return false;
  const unsigned whole = prefix.length / 8, rest = prefix.length % 8;
  if (std::memcmp(prefix.address.bytes.data(), address.bytes.data(), whole) != 0) return false;
  if (rest == 0) return true;
  const unsigned shift = 8 - rest;
  return (prefix.address.bytes[whole] >> shift) == (address.bytes[whole] >> shift);
}

bool contains(const IpPrefix& outer, const IpPrefix& inner) {
  return inner.length >= outer.length && contains(outer, inner.address);
}

IpPrefix prefix_of(const IpAddress& address) { return {address, static_cast<std::uint8_t>(address.bits())}; }

IpAddress masked(IpAddress address, unsigned length) {
  set_host_bits(address, length, false);
  return address;
}

IpAddress last_address(const IpPrefix& prefix) {
  IpAddress address = prefix.address;
  set_host_bits(address, prefix.length, true);
  return address;
}

std::optional<IpAddress> next(IpAddress address) {
  for (unsigned byte = address.bits() / 8; byte-- > 0;)
    if (++address.bytes[byte] != 0) return address;
  return std::nullopt;
}

}  // namespace weir::ir
