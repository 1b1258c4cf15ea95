#include "ir/eval/side.h"

#include <algorithm>

#include "ir/eval/eval.h"
#include "ir/eval/patterns.h"

namespace weir::ir {
namespace {

/// E of policy.md 4.2: the rules of this direction that select the subject, by id.
std::vector<RuleId> selecting(const Side& side, bool with_audit) {
  std::vector<RuleId> ids;
  const bool node = side.subject.kind == EndpointKind::Node;
  const LabelSet& labels = node ? side.subject.host_labels : side.subject.labels;
  for (std::uint32_t i = 0; i < side.policies.rules.size(); ++i) {
    const Rule& rule = side.policies.rules[i];
    if (rule.direction != side.direction || (rule.audit && !with_audit)) continue;
    // policy.md 2.5: a node rule never applies to pods and vice versa.
    if (rule.subject_is_node == node && matches(rule.subject, labels)) ids.push_back(RuleId{i});
  }
  return ids;
}

std::vector<NamePattern> lookups_of(const Side& side) {
  std::vector<NamePattern> names;
  if (side.direction != Direction::Egress) return names;
  for (const RuleId id : side.selected)
    if (const Rule& rule = side.policies.rule(id); rule.action == Action::Allow && rule.l7)
      names.insert(names.end(), rule.l7->dns.begin(), rule.l7->dns.end());
  return names;
}

// policy.md 5.6
Match fqdn_match(const Side& side, const FqdnPeer& peer) {
  if (!side.peer_labels.world()) return Match::No;
  if (side.peer.dns_names.empty()) return Match::Maybe;
  const Dialect dialect = side.settings().dialect;
  const auto looked_up = [&](const std::string& name) {
    return !peer.needs_lookup || std::any_of(side.lookups.begin(), side.lookups.end(), [&](const NamePattern& pattern) {
      return name_matches(pattern, name, dialect);
    });
  };
  const bool found = std::any_of(side.peer.dns_names.begin(), side.peer.dns_names.end(), [&](const std::string& name) {
    return name_matches(peer.name, name, dialect) && looked_up(name);
  });
  return found ? Match::Yes : Match::No;
}

}  // namespace

bool Side::forced() const {
  return settings().enforcement == Enforcement::Always || subject.labels.reserved("init");
}

bool Side::default_deny() const {
  return forced() || std::any_of(selected.begin(), selected.end(), [&](RuleId id) { return policies.rule(id).default_deny; });
}

// policy.md 4.2, second line; 4.4
bool is_managed(const Settings& settings, const Endpoint& subject) {
  return subject.kind == EndpointKind::Pod || (subject.kind == EndpointKind::Node && settings.host_firewall);
}

Side side_of(const PolicySet& policies, const Cluster& cluster, const Flow& flow, Direction direction, bool with_audit) {
  const bool egress = direction == Direction::Egress;
  Side side{policies, cluster, flow, direction, egress ? flow.source : flow.destination, egress ? flow.destination : flow.source};
  side.peer_labels = peer_labels(side.peer, side.subject);
  side.selected = selecting(side, with_audit);
  side.lookups = lookups_of(side);
  return side;
}

Match match(const Side& side, const Peer& peer) {
  if (const auto* name = std::get_if<FqdnPeer>(&peer)) return fqdn_match(side, *name);
  // policy.md 2.10: an external set, which holds addresses outside alone (2.6).
  if (std::holds_alternative<UnresolvedPeer>(peer)) return side.peer_labels.world() ? Match::Maybe : Match::No;
  return peer_matches(side.settings(), peer, side.peer_labels, side.peer.address) ? Match::Yes : Match::No;
}

Match match(const Side& side, const Rule& rule) {
  if (!rule_matches_ports(rule, side.flow.protocol, side.flow.port)) return Match::No;
  if (!rule.peers) return Match::Yes;
  Match best = Match::No;
  for (const Peer& peer : *rule.peers) {
    const Match one = match(side, peer);
    if (one == Match::Yes) return one;
    if (one == Match::Maybe) best = one;
  }
  return best;
}

std::uint32_t matched_width(const Rule& rule, Protocol protocol, std::uint16_t port) {
  constexpr std::uint32_t kNoPorts = 0x20000;
  if (!rule.ports) return kNoPorts;
  std::uint32_t narrowest = kNoPorts;
  for (const PortMatch& match : *rule.ports)
    if (match.protocol == protocol && match.ports.contains(port))
      narrowest = std::min(narrowest, std::uint32_t{match.ports.last} - match.ports.first + 1);
  return narrowest;
}

bool baseline_counts(const Side& side) {
  return !side.default_deny() || side.settings().derived_baseline_before_default_deny;
}

bool localhost_is_let_in(const Side& side) {
  const Settings& settings = side.settings();
  return side.direction == Direction::Ingress && settings.allow_localhost && side.peer_is_local_host() &&
         (!side.selected.empty() || settings.dialect != Dialect::Cilium120);
}

}  // namespace weir::ir
