#include "tests/differential/generator/random_policies.h"

#include <algorithm>
#include <tuple>

#include "tests/differential/generator/random_cluster.h"

namespace weir::tests {
namespace {

ir::Requirement random_requirement(Random& random) {
  const Vocabulary words;
  ir::Requirement requirement;
  requirement.source = random.chance(50) ? "any" : "k8s";
  requirement.key = random.pick(words.keys);
  requirement.op = static_cast<ir::Operator>(random.below(4));
  const bool listed = requirement.op == ir::Operator::In || requirement.op == ir::Operator::NotIn;
  for (std::uint32_t i = 0; listed && i <= random.below(2); ++i) requirement.values.push_back(random.pick(words.values));
  return requirement;
}

ir::Selector random_pod_selector(Random& random) {
  ir::Selector selector;
  if (random.chance(70)) selector.add(ir::equals("k8s", ir::kNamespaceKey, random.pick(Vocabulary{}.namespaces)));
  if (random.chance(15)) selector.add(ir::equals("k8s", std::string(ir::kNamespaceLabelPrefix) + "env", "prod"));
  if (selector.everything()) selector.add(ir::exists("k8s", ir::kNamespaceKey));
  for (std::uint32_t count = random.below(3); count > 0; --count) selector.add(random_requirement(random));
  return selector;
}

ir::Peer random_outside(Random& random) {
  if (random.chance(20)) return ir::UnresolvedPeer{"AWS group sg-1"};
  const std::vector<ir::NamePattern> names{{"api.example.com", true}, {"*.example.com", false}, {"**.example.com", false},
                                           {"*", false}, {"a*.example.com.", false}, {"example.com", true}};
  return ir::FqdnPeer{random.pick(names), random.chance(70)};
}

ir::Selector random_node_selector(Random& random) {
  ir::Selector selector;
  selector.add(ir::exists("reserved", random.chance(70) ? "remote-node" : "host"));
  if (random.chance(70)) selector.add(ir::equals(random.chance(50) ? "node" : "any", "pool", random.chance(50) ? "edge" : "core"));
  return selector;
}

ir::L7Rules random_l7(Random& random) {
  ir::L7Rules rules;
  const std::vector<ir::NamePattern> names{{"api.example.com", true}, {"*.example.com", false}, {"*", false}};
  if (random.chance(50)) rules.http.push_back({"/public", "GET", "", {}});
  if (rules.http.empty()) rules.dns.push_back(random.pick(names));
  return rules;
}

ir::Peer random_peer(Random& random, Language language) {
  const std::uint32_t kind = random.below(10);
  if (language == Language::Whole && random.chance(12)) return random_outside(random);
  if (random.chance(8)) return ir::SelectorPeer{random_node_selector(random)};
  if (kind < 4) return ir::SelectorPeer{random_pod_selector(random)};
  if (kind < 6) {
    const std::vector<std::string> entities{"host", "remote-node", "world", "world-ipv4", "world-ipv6", "init", "health", "kube-apiserver"};
    ir::Selector selector;
    selector.add(ir::exists("reserved", random.pick(entities)));
    return ir::SelectorPeer{selector};
  }
  if (kind == 6 && random.chance(50)) return ir::SelectorPeer{};
  ir::CidrPeer peer{random_prefix(random), {}};
  for (std::uint32_t tries = random.below(4); tries > 0; --tries)
    if (const ir::IpPrefix except = random_prefix(random); contains(peer.cidr, except)) peer.except.push_back(except);
  std::sort(peer.except.begin(), peer.except.end());
  peer.except.erase(std::unique(peer.except.begin(), peer.except.end()), peer.except.end());
  return peer;
}

ir::PortMatch random_ports(Random& random) {
  const std::vector<ir::Protocol> protocols{ir::Protocol::Tcp, ir::Protocol::Tcp, ir::Protocol::Udp, ir::Protocol::Sctp,
                                            ir::Protocol::Icmp, ir::Protocol::Icmpv6, static_cast<ir::Protocol>(47)};
  ir::PortMatch match{random.pick(protocols), {}};
  if (match.protocol == static_cast<ir::Protocol>(47) || random.chance(15)) return match;  // every port of the protocol
  if (match.protocol == ir::Protocol::Icmp || match.protocol == ir::Protocol::Icmpv6) {
    const std::vector<std::uint16_t> types{0, 3, 8, 128, 129, 254, 255};
    match.ports.first = match.ports.last = random.pick(types);
    return match;
  }
  const std::vector<std::uint16_t> ports = Vocabulary{}.ports;
  match.ports = {random.pick(ports), random.pick(ports)};
  if (match.ports.first > match.ports.last || random.chance(40)) match.ports.last = match.ports.first;
  return match;
}

}  // namespace

ir::Rule random_rule(Random& random, std::uint32_t index, Language language) {
  ir::Rule rule;
  rule.direction = random.chance(50) ? ir::Direction::Ingress : ir::Direction::Egress;
  rule.action = random.chance(65) ? ir::Action::Allow : ir::Action::Deny;
  const std::vector<ir::Tier> tiers{ir::Tier::Admin, ir::Tier::Normal, ir::Tier::Baseline};
  if (random.chance(15)) rule.tier = random.pick(tiers), rule.priority = static_cast<std::int32_t>(random.below(3));
  if (rule.tier != ir::Tier::Normal && random.chance(40)) rule.action = ir::Action::Pass;
  if (random.chance(90)) rule.subject = random_pod_selector(random);
  rule.subject_is_node = random.chance(4);
  if (rule.subject_is_node && random.chance(70)) {
    rule.subject = {};
    if (random.chance(50)) rule.subject.add(ir::equals("any", "pool", "edge"));
  }
  // A container port of a name, as resolve writes it (policy.md 3.8).
  if (random.chance(8)) {
    const ir::Label port = ir::named_port_label("http", ir::Protocol::Tcp, random.chance(50) ? 80 : 8080);
    rule.subject.add(ir::exists(port.source, port.key));
  }
  rule.audit = random.chance(8);
  if (rule.action == ir::Action::Allow && random.chance(8)) rule.auth = random.chance(50) ? ir::Auth::AlwaysFail : ir::Auth::Disabled;
  if (language == Language::Whole && rule.action == ir::Action::Allow) {
    if (random.chance(6)) rule.auth = ir::Auth::Required;
    if (random.chance(15)) rule.l7 = random_l7(random);
    rule.conflict = random.chance(2);
  }
  rule.default_deny = random.chance(75);
  if (random.chance(80)) rule.peers.emplace();
  for (std::uint32_t count = random.below(4); rule.peers && count > 0; --count) rule.peers->push_back(random_peer(random, language));
  if (random.chance(60)) rule.ports.emplace();
  if (rule.ports && random.chance(95))
    for (std::uint32_t count = 1 + random.below(3); count > 0; --count) rule.ports->push_back(random_ports(random));
  rule.index = index;
  if (random.chance(10)) rule.assumptions.push_back(random.chance(50) ? "first" : "second");
  return rule;
}

void sort_rules(ir::PolicySet& policies) {
  std::stable_sort(policies.rules.begin(), policies.rules.end(), [](const ir::Rule& a, const ir::Rule& b) {
    return std::tie(a.tier, a.priority, a.policy, a.direction, a.index) < std::tie(b.tier, b.priority, b.policy, b.direction, b.index);
  });
}

ir::PolicySet random_policies(Random& random, const ir::Cluster&, Language language) {
  ir::PolicySet set;
  // Now and then more matchers than one word of a signature has bits.
  const std::uint32_t policies = random.chance(4) ? 20 + random.below(30) : random.below(5);
  for (std::uint32_t p = 0; p < policies; ++p) {
    set.policies.push_back({"CiliumNetworkPolicy", "shop", "policy-" + std::to_string(p), {}, {}, {}});
    for (std::uint32_t i = 0; i <= random.below(4); ++i) {
      set.rules.push_back(random_rule(random, i, language));
      set.rules.back().policy = ir::PolicyId{p};
    }
  }
  sort_rules(set);
  return set;
}

}  // namespace weir::tests
