#include "tests/differential/generator/random_flows.h"

#include <algorithm>

#include "ir/flow/endpoint.h"
#include "tests/differential/generator/random_cluster.h"

namespace weir::tests {
namespace {

std::optional<ir::IpAddress> before(ir::IpAddress address) {
  for (int i = static_cast<int>(address.bits() / 8) - 1; i >= 0; --i)
    if (address.bytes[static_cast<std::size_t>(i)]-- != 0) return address;
  return std::nullopt;
}

}  // namespace

FlowSource::FlowSource(const ir::Cluster& cluster, const ir::PolicySet& policies) : cluster_(cluster) {
  for (const ir::Pod& pod : cluster.pods)
    if (!pod.host_network) pods_.insert(pods_.end(), pod.addresses.begin(), pod.addresses.end());
  for (const ir::IpAddress& address : pods_) addresses_[static_cast<std::size_t>(address.family)].push_back(address);
  for (const ir::Node& node : cluster.nodes)
    for (const ir::IpAddress& address : node.addresses) addresses_[static_cast<std::size_t>(address.family)].push_back(address);
  addresses_[0].push_back(*ir::parse_address("203.0.113.9"));
  addresses_[1].push_back(*ir::parse_address("2a00::9"));
  for (const ir::Rule& rule : policies.rules) {
    if (rule.ports) ports_.insert(ports_.end(), rule.ports->begin(), rule.ports->end());
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{})) {
      const auto* cidr = std::get_if<ir::CidrPeer>(&peer);
      if (cidr == nullptr) continue;
      add_around(cidr->cidr);
      for (const ir::IpPrefix& except : cidr->except) add_around(except);
    }
  }
}

void FlowSource::add_around(const ir::IpPrefix& prefix) {
  auto& addresses = addresses_[static_cast<std::size_t>(prefix.address.family)];
  const ir::IpAddress last = ir::last_address(prefix);
  addresses.insert(addresses.end(), {prefix.address, last});
  if (const auto lower = before(prefix.address)) addresses.push_back(*lower);
  if (const auto higher = ir::next(last)) addresses.push_back(*higher);
}

void FlowSource::draw_ports(Random& random, ir::Flow& flow) const {
  const std::vector<ir::Protocol> protocols{ir::Protocol::Tcp,  ir::Protocol::Tcp,    ir::Protocol::Udp,        ir::Protocol::Sctp,
                                            ir::Protocol::Icmp, ir::Protocol::Icmpv6, static_cast<ir::Protocol>(47)};
  flow.protocol = random.pick(protocols);
  const bool named = !ports_.empty() && random.chance(60);
  std::uint32_t port = random.pick(Vocabulary{}.ports);
  if (named) {
    const ir::PortMatch& match = random.pick(ports_);
    flow.protocol = match.protocol;
    port = (random.chance(50) ? match.ports.first : match.ports.last) + (random.chance(30) ? random.below(3) - 1 : 0);
  }
  const bool icmp = flow.protocol == ir::Protocol::Icmp || flow.protocol == ir::Protocol::Icmpv6;
  if (icmp && random.chance(30)) port = 3;
  if (icmp) flow.icmp_code = static_cast<std::uint8_t>(random.chance(50) ? 4 : random.below(256));
  flow.port = static_cast<std::uint16_t>(icmp ? port & 0xff : port & 0xffff);
  if (flow.protocol == static_cast<ir::Protocol>(47)) flow.port = 0;
}

ir::Flow FlowSource::draw(Random& random) const {
  const ir::IpAddress& pod = random.pick(pods_);
  const ir::IpAddress& other = random.pick(addresses_[static_cast<std::size_t>(pod.family)]);
  ir::Flow flow;
  flow.source = ir::endpoint_of(cluster_, pod);
  flow.destination = ir::endpoint_of(cluster_, other);
  // Nodes are subjects only of a host firewall.
  if (cluster_.settings.host_firewall && random.chance(20))
    flow.source = ir::endpoint_of(cluster_, cluster_.nodes.front().addresses[static_cast<std::size_t>(pod.family)]);
  if (random.chance(50)) std::swap(flow.source, flow.destination);
  draw_ports(random, flow);
  return flow;
}

}  // namespace weir::tests
