#pragma once

// Small random policy sets and connections over a few labels, addresses and ports, so that rules meet often.
#include <random>

#include "ir/eval/eval.h"

namespace weir::test {

using namespace weir::ir;

/// Which parts of the language are used beside selectors, CIDRs, ports and directions.
struct RandomParts {
  bool tiers = false, names = false, nodes = false, auth = false, l7 = false, audit = false;
  static RandomParts all() { return {true, true, true, true, true, true}; }
};

class RandomPolicies {
 public:
  explicit RandomPolicies(unsigned seed, bool tiers) : random_(seed), parts_{.tiers = tiers} {}
  RandomPolicies(unsigned seed, RandomParts parts) : random_(seed), parts_(parts) {}

  Cluster cluster() {
    Cluster cluster;
    cluster.settings.cidr_match_nodes = pick(4) == 0;
    cluster.settings.cidr_match_pods = pick(4) == 0;
    cluster.settings.dual_stack = pick(3) == 0;
    cluster.settings.allow_localhost = pick(3) != 0;
    if (pick(8) == 0) cluster.settings.enforcement = Enforcement::Always;
    if (pick(4) == 0) cluster.settings.dialect = Dialect::Cilium119;
    if (parts_.tiers && pick(3) == 0) cluster.settings.dialect = Dialect::K8s;
    cluster.settings.derived_baseline_before_default_deny = cluster.settings.dialect == Dialect::Cilium120 && pick(4) != 0;
    cluster.settings.node_selector_labels = parts_.nodes && pick(3) != 0;
    const Span here{FileId{0}, 1, 1, 1, 2};
    cluster.namespaces.push_back({"a", {{"kubernetes.io/metadata.name", "a"}, {"team", "x"}}, {}, here});
    cluster.namespaces.push_back({"b", {{"kubernetes.io/metadata.name", "b"}}, {}, here});
    return cluster;
  }

  PolicySet policies(unsigned most) {
    PolicySet set;
    set.policies.push_back({"CiliumNetworkPolicy", "a", "p", {}});
    for (unsigned n = 1 + pick(most); n > 0; --n) set.rules.push_back(rule());
    std::stable_sort(set.rules.begin(), set.rules.end(), [](const Rule& x, const Rule& y) {
      return std::tie(x.tier, x.priority) < std::tie(y.tier, y.priority);
    });
    for (std::uint32_t i = 0; i < set.rules.size(); ++i) {
      set.rules[i].index = i;
      set.rules[i].origin = {FileId{0}, i + 1, 1, i + 1, 2};
    }
    return set;
  }

  Flow flow(const Cluster& cluster) {
    Flow flow{end(cluster), end(cluster), Protocol::Tcp, 0, 0};
    const PortMatch match = port();
    flow.protocol = match.protocol;
    flow.port = pick(2) ? match.ports.first : std::min<std::uint16_t>(match.ports.last, is_icmp(match.protocol) ? 255 : 65535);
    return flow;
  }

  Selector selector(bool of_peer) {
    Selector selector;
    if (pick(3)) selector.add(equals("k8s", kNamespaceKey, pick(2) ? "a" : "b"));
    else if (pick(3) == 0) selector.add(requirement(std::string(kNamespaceLabelPrefix) + "team"));
    for (unsigned n = pick(3); n > 0; --n) selector.add(requirement(pick(2) ? "app" : "tier"));
    if (of_peer && pick(3)) selector.add(equals("k8s", kClusterKey, "default"));
    return selector;
  }

  /// A request of the kinds that rules ask about.
  L7Request request(const Flow& flow) {
    L7Request request;
    switch (pick(3)) {
      case 0: request.http = HttpRequest{"GET", pick(2) ? "/a" : "/b", "a.example.com", {}}; break;
      case 1: request.sni = name(); break;
      default: request.dns = name();
    }
    if (flow.protocol == Protocol::Udp) request = {std::nullopt, name(), std::nullopt};
    return request;
  }

  std::string name() { return pick(2) ? "a.example.com" : "b.example.org"; }

  std::mt19937& random() { return random_; }
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

  PortMatch port() {
    switch (pick(6)) {
      case 0: return {Protocol::Tcp, {80, 80}};
      case 1: return {Protocol::Tcp, {80, 90}};
      case 2: return {Protocol::Tcp, {}};
      case 3: return {Protocol::Udp, {53, 53}};
      case 4: return {Protocol::Icmp, {8, 8}};
      default: return {Protocol::Udp, {}};
    }
  }

 private:
  static bool is_icmp(Protocol protocol) { return protocol == Protocol::Icmp; }

  Requirement requirement(const std::string& key) {
    Requirement r{pick(4) ? "k8s" : "any", key, static_cast<Operator>(pick(4)), {}};
    if (r.op == Operator::In || r.op == Operator::NotIn) r.values = pick(3) ? std::vector<std::string>{pick(2) ? "x" : "y"} : std::vector<std::string>{"x", "y"};
    return r;
  }

  Peer peer() {
    if (parts_.names && pick(5) == 0) {
      if (pick(4) == 0) return UnresolvedPeer{"AWS group"};
      const char* names[] = {"a.example.com", "*.example.com", "b.example.org"};
      const unsigned which = pick(3);
      return FqdnPeer{{names[which], which != 1}, pick(3) == 0};
    }
    if (parts_.nodes && pick(5) == 0) return node_peer();
    const char* prefixes[] = {"0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", "::/0", "2001:db8::/32"};
    if (pick(3) == 0) {
      CidrPeer cidr{*parse_prefix(prefixes[pick(6)]), {}};
      if (pick(2)) cidr.except.push_back(*parse_prefix(prefixes[1 + pick(3)]));
      return cidr;
    }
    if (pick(4)) return SelectorPeer{selector(true)};
    const char* entities[] = {"host", "remote-node", "kube-apiserver", "world", "health", "init"};
    SelectorPeer entity;
    if (pick(5)) entity.selector.add(exists("reserved", entities[pick(6)]));
    return entity;
  }

  Peer node_peer() {
    SelectorPeer nodes;
    nodes.selector.add(exists("reserved", pick(3) ? "remote-node" : "host"));
    if (pick(3)) nodes.selector.add({pick(2) ? "node" : "any", "role", static_cast<Operator>(pick(4)), {"x"}});
    if (pick(3)) nodes.selector.add(equals("k8s", kClusterKey, "default"));
    return nodes;
  }

  L7Rules requests(const Rule& rule) {
    L7Rules l7;
    const bool dns = rule.direction == Direction::Egress && rule.ports;
    switch (pick(dns ? 3 : 2)) {
      case 0: l7.http.push_back({pick(2) ? "/a" : "", pick(2) ? "GET" : "", "", {}}); break;
      case 1: l7.server_names.push_back(pick(2) ? "a.example.com" : "*.example.com"); break;
      default: l7.dns.push_back({pick(2) ? "a.example.com" : "*.example.*", false});
    }
    return l7;
  }

  void add_parts(Rule& rule) {
    rule.audit = parts_.audit && pick(6) == 0;
    if (rule.action != Action::Allow) return;
    if (parts_.auth && pick(4) == 0) rule.auth = static_cast<Auth>(1 + pick(3));
    rule.conflict = parts_.names && parts_.auth && pick(12) == 0;
    if (parts_.l7 && pick(4) == 0) rule.l7 = requests(rule);
  }

  Rule rule() {
    Rule rule;
    rule.direction = pick(2) ? Direction::Ingress : Direction::Egress;
    rule.action = pick(3) ? Action::Allow : Action::Deny;
    if (parts_.tiers) {
      const Tier tiers[] = {Tier::Admin, Tier::Normal, Tier::Baseline};
      rule.tier = tiers[pick(3)];
      rule.priority = static_cast<int>(pick(2));
      if (pick(4) == 0) rule.action = Action::Pass;
    }
    rule.default_deny = pick(4) != 0;
    rule.subject = selector(false);
    if (pick(5)) {
      rule.peers.emplace();
      for (unsigned n = pick(8) ? 1 + pick(2) : 0; n > 0; --n) rule.peers->push_back(peer());
    }
    if (pick(2)) {
      rule.ports.emplace();
      for (unsigned n = 1 + pick(2); n > 0; --n) rule.ports->push_back(port());
    }
    add_parts(rule);
    return rule;
  }

  Endpoint pod(const Cluster& cluster) {
    std::map<std::string, std::string> labels;
    const char* values[] = {"x", "y", "z"};
    if (pick(3)) labels["app"] = values[pick(3)];
    if (pick(2)) labels["tier"] = values[pick(3)];
    const char* names[] = {"a", "b", "c"};
    Endpoint end{.kind = EndpointKind::Pod};
    end.labels = identity_labels(cluster, names[pick(3)], labels, "default");
    if (cluster.settings.cidr_match_pods) end.address = address();
    return end;
  }

  IpAddress address() {
    const char* addresses[] = {"10.0.0.1", "10.1.0.7", "192.0.2.9", "203.0.113.5", "2001:db8::5", "2001:db9::1"};
    IpAddress address = *parse_address(addresses[pick(6)]);
    // Two pods never share an address (policy.md 4.5).
    address.bytes[address.family == IpFamily::V4 ? 3 : 15] = ++last_byte_;
    return address;
  }

  Endpoint end(const Cluster& cluster) {
    if (pick(3)) return pod(cluster);
    Endpoint end;
    switch (pick(4)) {
      case 0: end.kind = EndpointKind::Node; break;
      case 1: end.kind = EndpointKind::Node; end.node = "far"; break;
      case 2: end.labels.set({"reserved", pick(2) ? "health" : "ingress", ""}); break;
      default:
        end.address = address();
        end.labels = world_labels(cluster.settings, end.address->family);
        if (parts_.names && pick(4)) end.dns_names.push_back(name());
        return end;
    }
    const bool node = end.kind == EndpointKind::Node;
    if (node && cluster.settings.node_selector_labels) {
      if (pick(2)) end.labels.set({"node", "role", pick(2) ? "x" : "y"});
      end.labels.set({"k8s", std::string(kClusterKey), pick(3) ? "default" : "far"});
    }
    if (node ? cluster.settings.cidr_match_nodes : cluster.settings.cidr_match_pods) end.address = address();
    return end;
  }

  std::mt19937 random_;
  RandomParts parts_;
  std::uint8_t last_byte_ = 0;
};

}  // namespace weir::test
