#include "ir/policy/map_entry.h"

#include <algorithm>

namespace weir::ir {
namespace {

// policy.md 6.2: listener priorities; a lower one wins.
constexpr std::uint8_t kHttp = 101, kTls = 116, kDns = 121, kListener = 126;

std::uint8_t priority_of(const L7Rules& l7) {
  if (l7.listener_priority != 0) return l7.listener_priority;
  if (!l7.listener.empty()) return kListener;
  if (!l7.dns.empty()) return kDns;
  const bool only_names = l7.http.empty() && l7.parser.empty() && !l7.terminates_tls && !l7.originates_tls;
  return only_names && !l7.server_names.empty() ? kTls : kHttp;
}

}  // namespace

std::uint8_t redirect_precedence(const Rule& rule) {
  return rule.l7 ? static_cast<std::uint8_t>(255 - priority_of(*rule.l7)) : std::uint8_t{0};
}

std::uint32_t entry_width(PortRange range, std::uint16_t port) {
  std::uint32_t width = 1;
  while (width < kEveryPort) {
    const std::uint32_t next = width * 2, first = port & ~(next - 1);
    if (first < range.first || first + next - 1 > range.last) break;
    width = next;
  }
  return width;
}

std::vector<std::uint16_t> entry_starts(PortRange range) {
  std::vector<std::uint16_t> starts;
  for (std::uint32_t port = range.first; port <= range.last; port += entry_width(range, static_cast<std::uint16_t>(port)))
    starts.push_back(static_cast<std::uint16_t>(port));
  return starts;
}

std::uint32_t entry_width(const std::vector<PortMatch>& matches, Protocol protocol, std::uint16_t port) {
  std::uint32_t narrowest = kNoEntryPort;
  for (const PortMatch& match : matches)
    if (match.protocol == protocol && match.ports.contains(port)) narrowest = std::min(narrowest, entry_width(match.ports, port));
  return narrowest;
}

}  // namespace weir::ir
