#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "backends/ebpf/bundle/bundle.h"
#include "backends/ebpf/bundle/packet.h"

// Packets for the canary (datapath.md 3 "Update", step 4). Test: tests/unit/runtime-agent/bundle_test.cpp, and tests/kernel
// asks the loaded program.
namespace weir::backends {
namespace {

/// At most so many peers and port classes are tried for one endpoint and direction.
constexpr std::size_t kPeers = 48, kPorts = 96;

struct Peer {
  ir::IpAddress address;
  std::uint32_t identity = 0;
};

struct Port {
  ir::PortSlot slot = ir::PortSlot::Tcp;
  std::uint16_t key = 0;
};

/// Errors about other packets and neighbour discovery are decided by more than the tables.
bool plain_icmp(ir::PortSlot slot, unsigned type) {
  if (slot == ir::PortSlot::Icmp) return type == 8 || type == 13;
  return type >= 128 && type != 129 && (type < 133 || type > 137);
}

bool usable(ir::PortSlot slot, std::uint16_t key) {
  switch (slot) {
    case ir::PortSlot::Tcp:
    case ir::PortSlot::Udp:
    case ir::PortSlot::Sctp: return true;
    case ir::PortSlot::Icmp:
    case ir::PortSlot::Icmpv6: return (key & 0xff) == 0 && plain_icmp(slot, key >> 8);
    case ir::PortSlot::Other: return key == 47 || key == 89;  // GRE and OSPF: never an IPv6 extension header
    case ir::PortSlot::NoHeader: break;
  }
  return false;
}

/// Every port class of a slot that occurs, by its first usable key, and for ranges by its last one.
std::vector<Port> ports_of(const ir::TableSet& tables) {
  std::map<std::pair<std::size_t, std::uint16_t>, std::pair<Port, Port>> found;
  for (std::size_t slot = 0; slot < ir::kPortSlots; ++slot)
    for (unsigned key = 0; key < 65536; ++key) {
      const Port port{static_cast<ir::PortSlot>(slot), static_cast<std::uint16_t>(key)};
      if (!usable(port.slot, port.key)) continue;
      const std::uint16_t port_class = tables.pages.at(tables.page[slot][key >> 8])[key & 255];
      const auto [at, fresh] = found.try_emplace({slot, port_class}, port, port);
      if (!fresh) at->second.second = port;
    }
  std::vector<Port> out;
  for (const auto& [key, ends] : found) {
    out.push_back(ends.first);
    if (ends.second.key != ends.first.key) out.push_back(ends.second);
  }
  return out;
}

/// For each peer class of a family one address whose longest prefix is of that class.
std::vector<Peer> peers_of(const ir::TableSet& tables) {
  std::set<std::tuple<ir::IpFamily, std::uint16_t>> seen;
  std::vector<Peer> out;
  for (const ir::TablePrefix& entry : tables.prefixes) {
    const std::uint16_t peer_class = tables.identities.at(entry.identity).peer_class;
    if (!seen.insert({entry.prefix.address.family, peer_class}).second) continue;
    for (const ir::IpAddress& address : {entry.prefix.address, ir::last_address(entry.prefix)}) {
      const std::uint32_t identity = ir::find_identity(tables, address);
      out.push_back({address, identity});
    }
    if (out.size() >= kPeers * 8) break;
  }
  // Nobody knows these addresses (RFC 5737, RFC 3849): world.
  for (const char* unknown : {"192.0.2.77", "2001:db8:ffff::77"})
    if (const auto address = ir::parse_address(unknown)) out.push_back({*address, ir::find_identity(tables, *address)});
  return out;
}

template <class T>
std::vector<T> thinned(const std::vector<T>& all, std::size_t limit) {
  if (all.size() <= limit) return all;
  std::vector<T> out;
  for (std::size_t i = 0; i < limit; ++i) out.push_back(all[i * all.size() / limit]);
  return out;
}

std::uint8_t protocol_of(const Port& port) {
  static constexpr std::uint8_t kNumbers[] = {6, 17, 132, 1, 58};
  const auto slot = static_cast<std::size_t>(port.slot);
  return slot < std::size(kNumbers) ? kNumbers[slot] : static_cast<std::uint8_t>(port.key);
}

bool of_family(const Port& port, ir::IpFamily family) {
  if (port.slot == ir::PortSlot::Icmp) return family == ir::IpFamily::V4;
  if (port.slot == ir::PortSlot::Icmpv6) return family == ir::IpFamily::V6;
  return true;
}

std::string packet_of(const ir::IpAddress& source, const ir::IpAddress& destination, const Port& port) {
  PacketSpec spec;
  spec.source = source;
  spec.destination = destination;
  spec.protocol = protocol_of(port);
  spec.destination_port = port.key;
  spec.icmp_type = static_cast<std::uint8_t>(port.key >> 8);
  return make_packet(spec);
}

const ir::IpAddress* own_address(const ir::TableEndpoint& endpoint, ir::IpFamily family) {
  for (const ir::IpAddress& address : endpoint.addresses)
    if (address.family == family) return &address;
  return nullptr;
}

struct Maker {
  const ir::TableSet& tables;
  std::vector<Peer> peers;
  std::vector<Port> ports;
  std::vector<TestVector> out;

  /// One packet for every distinct cell of this endpoint and direction, allowed and denied.
  void add(std::uint32_t endpoint, ir::Direction direction, std::size_t limit) {
    const ir::TableEndpoint& own = tables.endpoints[endpoint];
    std::set<std::tuple<ir::Cell, ir::IpFamily, ir::PortSlot>> seen;
    for (const Peer& peer : peers) {
      const ir::IpAddress* address = own_address(own, peer.address.family);
      if (address == nullptr || *address == peer.address) continue;
      for (const Port& port : ports) {
        if (!of_family(port, peer.address.family)) continue;
        const ir::Cell& cell =
            ir::lookup(tables, own.subject_class, direction, peer.identity, port.slot, port.key);
        if (out.size() >= limit || !seen.insert({cell, peer.address.family, port.slot}).second) continue;
        const bool egress = direction == ir::Direction::Egress;
        out.push_back({endpoint, direction, peer.identity, cell,
                       egress ? packet_of(*address, peer.address, port) : packet_of(peer.address, *address, port)});
      }
    }
  }
};

}  // namespace

std::vector<TestVector> make_vectors(const ir::TableSet& tables, std::size_t limit) {
  Maker maker{tables, thinned(peers_of(tables), kPeers), thinned(ports_of(tables), kPorts), {}};
  for (std::uint32_t i = 0; i < tables.endpoints.size(); ++i)
    for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress})
      maker.add(i, direction, limit);
  return std::move(maker.out);
}

}  // namespace weir::backends
