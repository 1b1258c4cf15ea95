#include "simulator/flows/numbers.h"

namespace weir::simulator {
namespace {

/// Up to three digits without a leading zero at `at`, and past them; 256 for anything else.
unsigned octet(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  unsigned value = 0;
  while (at < text.size() && at - begin < 3 && text[at] >= '0' && text[at] <= '9') value = value * 10 + static_cast<unsigned>(text[at++] - '0');
  const bool leading_zero = at - begin > 1 && text[begin] == '0';
  return at == begin || leading_zero || value > 255 ? 256 : value;
}

}  // namespace

std::optional<ir::IpAddress> fast_address(std::string_view text) {
  ir::IpAddress address;
  std::size_t at = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    // What is no plain dotted quad is judged by the one parser of addresses.
    if (i != 0 && (at >= text.size() || text[at++] != '.')) return ir::parse_address(text);
    const unsigned value = octet(text, at);
    if (value > 255) return ir::parse_address(text);
    address.bytes[i] = static_cast<std::uint8_t>(value);
  }
  return at == text.size() ? address : ir::parse_address(text);
}

}  // namespace weir::simulator
