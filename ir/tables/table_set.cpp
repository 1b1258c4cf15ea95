#include "ir/tables/table_set.h"

#include <algorithm>

namespace weir::ir {

PortSlot port_slot(Protocol protocol) {
  switch (protocol) {
    case Protocol::Tcp: return PortSlot::Tcp;
    case Protocol::Udp: return PortSlot::Udp;
    case Protocol::Sctp: return PortSlot::Sctp;
    case Protocol::Icmp: return PortSlot::Icmp;
    case Protocol::Icmpv6: return PortSlot::Icmpv6;
  }
  return PortSlot::Other;
}

std::uint16_t port_key(Protocol protocol, std::uint16_t port, std::uint8_t icmp_code) {
  switch (port_slot(protocol)) {
    case PortSlot::Tcp:
    case PortSlot::Udp:
    case PortSlot::Sctp: return port;
    case PortSlot::Icmp:
    case PortSlot::Icmpv6: return static_cast<std::uint16_t>((port & 0xff) << 8 | icmp_code);
    case PortSlot::Other: return static_cast<std::uint16_t>(protocol);
    case PortSlot::NoHeader: break;
  }
  return 0;
}

std::uint32_t find_identity(const TableSet& tables, const IpAddress& address) {
  const TablePrefix* best = nullptr;
  for (const TablePrefix& entry : tables.prefixes) {
    if (!contains(entry.prefix, address)) continue;
    if (best == nullptr || entry.prefix.length > best->prefix.length) best = &entry;
  }
  return best == nullptr ? 0 : best->identity;
}

const Cell& lookup(const TableSet& tables, std::uint16_t subject_class, Direction direction, std::uint32_t identity,
                   PortSlot slot, std::uint16_t key) {
  const std::size_t side = std::size_t{subject_class} * 2 + static_cast<std::size_t>(direction);
  const std::uint16_t page = tables.page[static_cast<std::size_t>(slot)][key >> 8];
  const std::uint16_t port_class = tables.pages.at(page)[key & 0xff];
  const std::uint8_t local = tables.remap.at(side * tables.port_classes + port_class);
  const std::uint32_t base = tables.rows.at(side * tables.peer_classes + tables.identities.at(identity).peer_class);
  return tables.cells.at(base + local);
}

std::string_view to_text(ListenerKind kind) {
  switch (kind) {
    case ListenerKind::Balance: return "balance";
    case ListenerKind::Redirect: return "redirect";
    case ListenerKind::Refuse: break;
  }
  return "refuse";
}

const TableListener* find_listener(const TableSet& tables, const IpAddress& address, std::uint16_t port, Protocol protocol) {
  const auto at = std::find_if(tables.listeners.begin(), tables.listeners.end(), [&](const TableListener& l) {
    return l.address == address && l.port == port && l.protocol == protocol;
  });
  return at == tables.listeners.end() ? nullptr : &*at;
}

}  // namespace weir::ir
