// Translation validation (datapath.md 3 "Classes"): the tables against the evaluator. Nothing here reads the rule index or
// the classes the compiler made; samples are grouped by what ir/eval says of each matcher, one flow of every pair of
// groups is decided by ir::decide_side, and every row and local port that members of the groups lead to must hold that
// answer. Test: tests/unit/compiler/lower/prove_test.cpp, with damaged tables.
#include <algorithm>
#include <map>
#include <set>

#include "compiler/lower/lower.h"
#include "compiler/lower/representatives.h"
#include "ir/eval/eval.h"
#include "ir/policy/map_entry.h"

namespace weir::compiler {
namespace {

using Held = std::vector<bool>;

/// The rules that select one subject, as a policy set of their own: the evaluator is slow on a whole cluster's.
struct OwnRules {
  ir::PolicySet policies;
  std::vector<std::uint32_t> ids;  // of these rules in the whole set
};

OwnRules own_rules(const ir::PolicySet& policies, const ir::LabelSet& labels) {
  OwnRules own{{policies.policies, {}}, {}};
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i) {
    // policy.md 2.5: a rule on nodes never applies to pods.
    if (policies.rules[i].subject_is_node || !matches(policies.rules[i].subject, labels)) continue;
    own.policies.rules.push_back(policies.rules[i]);
    own.ids.push_back(i);
  }
  return own;
}

/// Members that every matcher of a side treats alike: the place of one, and the offsets that they lead to.
struct Group {
  std::size_t sample = 0;
  std::set<std::uint32_t> offsets;
};
using Key = std::vector<std::uint32_t>;
using Groups = std::map<Key, Group>;

class Prover {
 public:
  Prover(const ir::TableSet& tables, const ir::PolicySet& policies, const ir::Cluster& cluster)
      : tables_(tables), policies_(policies), cluster_(cluster), owners_(cluster),
        peers_(peer_samples(tables, cluster, owners_)), ports_(port_samples(tables, policies)) {}

  std::vector<std::string> run() {
    if (std::string wrong = ir::check(tables_); !wrong.empty()) return {std::move(wrong)};
    std::map<std::uint16_t, const ir::Pod*> first;
    for (const ir::TableEndpoint& entry : tables_.endpoints) {
      const auto id = cluster_.find_pod(entry.namespace_name, entry.pod);
      if (!id) return {"endpoint " + entry.namespace_name + "/" + entry.pod + " is no pod of the cluster"};
      const ir::Pod& pod = cluster_.pod(*id);
      const auto [at, added] = first.emplace(entry.subject_class, &pod);
      if (!added && !alike(*at->second, pod)) return {pod.name + " and " + at->second->name + " share a subject class"};
    }
    for (const auto& [number, pod] : first)
      for (const ir::Direction direction : {ir::Direction::Ingress, ir::Direction::Egress})
        if (std::string wrong = side(number, *pod, direction); !wrong.empty()) return {std::move(wrong)};
    return {};
  }

 private:
  const std::vector<std::uint32_t>& selecting(const ir::LabelSet& labels) {
    const auto [at, added] = selecting_.try_emplace(labels);
    if (added) at->second = own_rules(policies_, labels).ids;
    return at->second;
  }

  bool alike(const ir::Pod& a, const ir::Pod& b) {
    return selecting(a.labels) == selecting(b.labels) && a.labels.reserved("init") == b.labels.reserved("init") &&
           (tables_.node.empty() ? a.node == b.node : b.node == tables_.node);
  }

  [[nodiscard]] ir::Endpoint peer_for(const PeerSample& sample, const ir::Endpoint& subject) const {
    ir::Endpoint peer = sample.endpoint;
    if (sample.relative == PeerSample::Relative::Host) peer.node = subject.node;
    if (sample.relative == PeerSample::Relative::RemoteNode) peer.node = "not " + subject.node;
    return peer;
  }

  /// Which samples the evaluator lets this matcher hold; remembered for all subjects of one node.
  const Held& held(const ir::Peer& peer, const ir::Endpoint& subject) {
    const auto [at, added] = peer_held_[subject.node].try_emplace(peer);
    if (!added) return at->second;
    for (const PeerSample& sample : peers_) {
      const ir::Endpoint endpoint = peer_for(sample, subject);
      at->second.push_back(peer_matches(cluster_.settings, peer, peer_labels(endpoint, subject), endpoint.address));
    }
    return at->second;
  }

  const Held& held(const ir::PortMatch& match) {
    const auto [at, added] = port_held_.try_emplace(match);
    if (!added) return at->second;
    ir::Rule rule;
    rule.ports = std::vector<ir::PortMatch>{match};
    for (const PortSample& sample : ports_) at->second.push_back(rule_matches_ports(rule, sample.protocol, sample.port));
    return at->second;
  }

  Groups group_peers(const OwnRules& own, const ir::Endpoint& subject, ir::Direction direction, std::size_t rows) {
    std::set<ir::Peer> matchers;
    for (const ir::Rule& rule : own.policies.rules)
      if (rule.direction == direction && rule.peers) matchers.insert(rule.peers->begin(), rule.peers->end());
    std::vector<const Held*> columns;
    for (const ir::Peer& matcher : matchers) columns.push_back(&held(matcher, subject));
    Groups groups;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      const bool node = peers_[i].endpoint.kind == ir::EndpointKind::Node;
      Key key{node && peer_labels(peer_for(peers_[i], subject), subject).reserved("host")};
      for (const Held* column : columns) key.push_back((*column)[i]);
      Group& group = groups.try_emplace(std::move(key), Group{i, {}}).first->second;
      group.offsets.insert(tables_.rows[rows + tables_.identities[peers_[i].identity].peer_class]);
    }
    return groups;
  }

  /// Beside each matcher the place of its map entry among those that hold the packet, the narrowest first; 0: it does not.
  Key widths(const std::set<ir::PortMatch>& matchers, std::size_t sample) {
    Key key;
    std::set<std::uint32_t> all;
    for (const ir::PortMatch& matcher : matchers) {
      key.push_back(held(matcher)[sample] ? ir::entry_width(matcher.ports, ports_[sample].port) : 0);
      if (key.back() > 0) all.insert(key.back());
    }
    for (std::uint32_t& width : key)
      if (width > 0) width = static_cast<std::uint32_t>(std::distance(all.begin(), all.find(width))) + 1;
    return key;
  }

  Groups group_ports(const OwnRules& own, ir::Direction direction, std::size_t remap) {
    std::set<ir::PortMatch> matchers;
    for (const ir::Rule& rule : own.policies.rules)
      if (rule.direction == direction && rule.ports) matchers.insert(rule.ports->begin(), rule.ports->end());
    Groups groups;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
      const PortSample& port = ports_[i];
      Key key = widths(matchers, i);
      key.push_back(port.slot == ir::PortSlot::NoHeader);
      key.push_back(port.slot == ir::PortSlot::Icmp && port.key == (3 << 8 | 4));
      Group& group = groups.try_emplace(std::move(key), Group{i, {}}).first->second;
      const auto page = tables_.page[static_cast<std::size_t>(port.slot)][port.key >> 8];
      group.offsets.insert(tables_.remap[remap + tables_.pages[page][port.key & 0xff]]);
    }
    return groups;
  }

  [[nodiscard]] ir::Cell expected(const OwnRules& own, const ir::Flow& flow, ir::Direction direction, bool fragment) const {
    const ir::SideDecision decision = decide_side(own.policies, cluster_, flow, direction);
    ir::Cell cell{decision.verdict, decision.reason, decision.match, decision.audit, ir::kNoRule, decision.redirect, decision.authenticate};
    // policy.md 6.5
    if (fragment && decision.default_rule == ir::DefaultRule::DefaultDeny) cell.reason = ir::DropReason::FragmentUnsupported;
    if (!decision.decided_by.empty()) cell.rule = own.ids[decision.decided_by.front().index];
    return cell;
  }

  std::string side(std::uint16_t number, const ir::Pod& pod, ir::Direction direction) {
    const OwnRules own = own_rules(policies_, pod.labels);
    const ir::Endpoint subject = pod_endpoint(pod);
    const std::size_t at = std::size_t{number} * 2 + static_cast<std::size_t>(direction);
    const Groups peers = group_peers(own, subject, direction, at * tables_.peer_classes);
    const Groups ports = group_ports(own, direction, at * tables_.port_classes);
    for (const auto& [peer_key, peer] : peers)
      for (const auto& [port_key, port] : ports) {
        const PortSample& packet = ports_[port.sample];
        ir::Flow flow{peer_for(peers_[peer.sample], subject), subject, packet.protocol, packet.port, packet.icmp_code};
        if (direction == ir::Direction::Egress) std::swap(flow.source, flow.destination);
        const ir::Cell wanted = expected(own, flow, direction, packet.slot == ir::PortSlot::NoHeader);
        for (const std::uint32_t row : peer.offsets)
          for (const std::uint32_t local : port.offsets)
            if (tables_.cells[row + local] != wanted) return difference(flow, direction, tables_.cells[row + local], wanted);
      }
    return "";
  }

  static std::string cell_text(const ir::Cell& cell) {
    std::string text = std::string(to_text(cell.verdict)) + " " + std::string(to_text(cell.reason)) + " " + std::string(to_text(cell.match));
    return text + (cell.rule == ir::kNoRule ? " by no rule" : " by rule " + std::to_string(cell.rule));
  }

  static std::string difference(const ir::Flow& flow, ir::Direction direction, const ir::Cell& got, const ir::Cell& wanted) {
    return std::string(to_text(direction)) + " of " + to_text(flow) + ": the tables say " + cell_text(got) +
           ", the evaluator says " + cell_text(wanted);
  }

  const ir::TableSet& tables_;
  const ir::PolicySet& policies_;
  const ir::Cluster& cluster_;
  Owners owners_;
  std::vector<PeerSample> peers_;
  std::vector<PortSample> ports_;
  std::map<ir::LabelSet, std::vector<std::uint32_t>> selecting_;
  std::map<std::string, std::map<ir::Peer, Held>> peer_held_;
  std::map<ir::PortMatch, Held> port_held_;
};

}  // namespace

std::vector<std::string> prove(const ir::TableSet& tables, const ir::PolicySet& policies, const ir::Cluster& cluster) {
  return Prover(tables, policies, cluster).run();
}

}  // namespace weir::compiler
