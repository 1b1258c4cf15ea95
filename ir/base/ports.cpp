#include "ir/base/ports.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace weir::ir {

std::string to_text(Protocol protocol) {
  switch (protocol) {
    case Protocol::Icmp: return "ICMP";
    case Protocol::Tcp: return "TCP";
    case Protocol::Udp: return "UDP";
    case Protocol::Icmpv6: return "ICMPv6";
    case Protocol::Sctp: return "SCTP";
  }
  return std::to_string(static_cast<unsigned>(protocol));
}

std::optional<Protocol> parse_protocol(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  if (upper == "TCP") return Protocol::Tcp;
  if (upper == "UDP") return Protocol::Udp;
  if (upper == "SCTP") return Protocol::Sctp;
  if (upper == "ICMP" || upper == "ICMPV4") return Protocol::Icmp;
  if (upper == "ICMPV6") return Protocol::Icmpv6;
  unsigned number = 0;
  const auto [end, error] = std::from_chars(upper.data(), upper.data() + upper.size(), number);
  if (error != std::errc{} || end != upper.data() + upper.size() || number > 255) return std::nullopt;
  return static_cast<Protocol>(number);
}

}  // namespace weir::ir
