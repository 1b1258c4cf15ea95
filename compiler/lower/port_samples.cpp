#include <algorithm>
#include <set>

#include "compiler/lower/representatives.h"
#include "ir/policy/map_entry.h"

namespace weir::compiler {
namespace {

std::uint16_t class_of(const ir::TableSet& tables, ir::PortSlot slot, std::uint32_t key) {
  return tables.pages[tables.page[static_cast<std::size_t>(slot)][key >> 8]][key & 0xff];
}

void add_around(std::set<std::uint32_t>& keys, std::uint32_t key) {
  for (const std::uint32_t near : {key - 1, key, key + 1})
    if (near <= 65535) keys.insert(near);
}

void add_range(std::set<std::uint32_t>& keys, ir::PortRange range) {
  add_around(keys, range.first);
  add_around(keys, range.last);
  for (const std::uint16_t start : ir::entry_starts(range)) keys.insert(start);
}

/// The keys where a rule or the tables may change their mind.
std::set<std::uint32_t> keys_of(const ir::TableSet& tables, const ir::PolicySet& policies, ir::PortSlot slot) {
  const std::uint32_t last = slot == ir::PortSlot::Other ? 255 : slot == ir::PortSlot::NoHeader ? 0 : 65535;
  std::set<std::uint32_t> keys{0, last};
  for (std::uint32_t key = 1; key <= last; ++key)
    if (class_of(tables, slot, key) != class_of(tables, slot, key - 1)) keys.insert(key);
  const bool icmp = slot == ir::PortSlot::Icmp || slot == ir::PortSlot::Icmpv6;
  for (const ir::Rule& rule : policies.rules)
    for (const ir::PortMatch& match : rule.ports ? *rule.ports : std::vector<ir::PortMatch>{}) {
      if (ir::port_slot(match.protocol) != slot) continue;
      if (slot == ir::PortSlot::Other) add_around(keys, static_cast<std::uint32_t>(match.protocol));
      else if (icmp) add_around(keys, match.ports.first << 8), add_around(keys, (match.ports.last & 0xff) << 8 | 0xff);
      else add_range(keys, match.ports);
    }
  keys.erase(keys.upper_bound(last), keys.end());
  return keys;
}

ir::Protocol unnamed_protocol(const ir::PolicySet& policies) {
  std::set<std::uint32_t> named;
  for (const ir::Rule& rule : policies.rules)
    for (const ir::PortMatch& match : rule.ports ? *rule.ports : std::vector<ir::PortMatch>{})
      named.insert(static_cast<std::uint32_t>(match.protocol));
  std::uint32_t number = 253;  // RFC 3692: for experiments
  while (named.count(number) > 0) --number;
  return static_cast<ir::Protocol>(number);
}

PortSample sample(ir::PortSlot slot, std::uint32_t key, ir::Protocol unnamed) {
  constexpr ir::Protocol kBySlot[] = {ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp, ir::Protocol::Icmp,
                                      ir::Protocol::Icmpv6};
  PortSample result{slot, static_cast<std::uint16_t>(key), unnamed, 0, 0};
  if (slot == ir::PortSlot::NoHeader) return result;
  if (slot == ir::PortSlot::Other) {
    result.protocol = static_cast<ir::Protocol>(key);
    return result;
  }
  result.protocol = kBySlot[static_cast<std::size_t>(slot)];
  const bool icmp = slot == ir::PortSlot::Icmp || slot == ir::PortSlot::Icmpv6;
  result.port = static_cast<std::uint16_t>(icmp ? key >> 8 : key);
  result.icmp_code = static_cast<std::uint8_t>(icmp ? key & 0xff : 0);
  return result;
}

}  // namespace

std::vector<PortSample> port_samples(const ir::TableSet& tables, const ir::PolicySet& policies) {
  std::vector<PortSample> samples;
  const ir::Protocol unnamed = unnamed_protocol(policies);
  for (std::size_t number = 0; number < ir::kPortSlots; ++number) {
    const auto slot = static_cast<ir::PortSlot>(number);
    for (const std::uint32_t key : keys_of(tables, policies, slot)) {
      // The number of a protocol with a slot of its own is never looked up among the others.
      if (slot == ir::PortSlot::Other && ir::port_slot(static_cast<ir::Protocol>(key)) != slot) continue;
      samples.push_back(sample(slot, key, unnamed));
    }
  }
  return samples;
}

}  // namespace weir::compiler
