#include "compiler/resolve/pieces.h"

#include <algorithm>

namespace weir::compiler {
namespace {

/// policy.md 3.8: world, nodes and CIDRs have no named ports.
std::vector<ir::Peer> peers_with(const std::optional<std::vector<ir::Peer>>& peers, const ir::Requirement& port) {
  std::vector<ir::Peer> out;
  for (const ir::Peer& peer : peers.value_or(std::vector<ir::Peer>{ir::SelectorPeer{}})) {
    const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
    if (selector == nullptr) continue;
    ir::SelectorPeer narrowed = *selector;
    narrowed.selector.add(port);
    out.push_back(std::move(narrowed));
  }
  return out;
}

void add_port(ir::Rule rule, const ir::Label& label, const ir::PortMatch& port, std::vector<ir::Rule>& out) {
  const ir::Requirement requirement = ir::exists(label.source, label.key);
  if (rule.direction == ir::Direction::Ingress)
    rule.subject.add(requirement);
  else
    rule.peers = peers_with(rule.peers, requirement);
  rule.ports = std::vector<ir::PortMatch>{port};
  out.push_back(std::move(rule));
}

bool before_120(const ir::Settings& settings) {
  return settings.dialect == ir::Dialect::Cilium118 || settings.dialect == ir::Dialect::Cilium119;
}

}  // namespace

NamedPorts::NamedPorts(const ir::Cluster& cluster, PortsOf of) : of_(of) {
  for (const ir::Pod& pod : cluster.pods)
    for (const ir::ContainerPort& port : pod.ports)
      if (!port.name.empty() && !pod.host_network) numbers_[{port.name, port.protocol}].insert(port.port);
}

const std::set<std::uint16_t>& NamedPorts::numbers(std::string_view name, ir::Protocol protocol) const {
  static const std::set<std::uint16_t> none;
  const auto known = numbers_.find({std::string(name), protocol});
  return known == numbers_.end() ? none : known->second;
}

void add_with_ports(ir::Rule rule, const std::vector<PortSpec>& ports, const NamedPorts& named, const ir::Settings& settings,
                    std::vector<ir::Rule>& out) {
  std::vector<ir::PortMatch> matches;
  bool has_names = false;
  for (const PortSpec& port : ports) {
    has_names = has_names || !port.name.empty();
    if (port.name.empty()) matches.push_back({port.protocol, port.ports});
  }
  std::sort(matches.begin(), matches.end());
  matches.erase(std::unique(matches.begin(), matches.end()), matches.end());
  ir::Rule plain = rule;
  // Without a number it only isolates.
  if (matches.empty() && has_names) plain.peers.emplace();
  plain.ports = std::move(matches);
  out.push_back(std::move(plain));
  for (const PortSpec& port : ports) {
    if (port.name.empty()) continue;
    const auto& numbers = named.numbers(port.name, port.protocol);
    const bool broken = rule.direction == ir::Direction::Egress && before_120(settings) && numbers.size() > 1;
    if (broken) continue;
    if (named.of_any_pod()) add_port(rule, ir::named_port_label(port.name, port.protocol), {port.protocol, {}}, out);
    else
      for (const std::uint16_t number : numbers)
        add_port(rule, ir::named_port_label(port.name, port.protocol, number), {port.protocol, {number, number}}, out);
  }
}

}  // namespace weir::compiler
