// The reference evaluator: policy.md section 4, written to be read beside it. Tested by tests/unit/ir/eval_test.cpp and,
// against every other engine, by tests/differential.
#include "ir/eval/eval.h"

#include <algorithm>
#include <tuple>

namespace weir::ir {
namespace {

/// Who is asked about whom: one side of a connection.
struct Side {
  const Endpoint& subject;
  LabelSet peer;
  std::optional<IpAddress> peer_address;
  bool peer_is_local_host;
  Direction direction;
};

Side side_of(const Flow& flow, Direction direction) {
  const bool egress = direction == Direction::Egress;
  const Endpoint& subject = egress ? flow.source : flow.destination;
  const Endpoint& peer = egress ? flow.destination : flow.source;
  LabelSet labels = peer_labels(peer, subject);
  const bool local_host = labels.reserved("host");
  return {subject, std::move(labels), peer.address, local_host, direction};
}

std::uint32_t width(const PortMatch& match) { return std::uint32_t{match.ports.last} - match.ports.first + 1; }

/// The narrowest of the rule's ports that match; wider than any range when the rule names no ports.
std::uint32_t matched_width(const Rule& rule, Protocol protocol, std::uint16_t port) {
  constexpr std::uint32_t kNoPorts = 0x20000;
  if (!rule.ports) return kNoPorts;
  std::uint32_t narrowest = kNoPorts;
  for (const PortMatch& match : *rule.ports)
    if (match.protocol == protocol && match.ports.contains(port)) narrowest = std::min(narrowest, width(match));
  return narrowest;
}

bool is_wildcard(const Peer& peer) {
  const auto* selector = std::get_if<SelectorPeer>(&peer);
  return selector && selector->selector.everything();
}

bool names_peer(const Rule& rule) {
  return rule.peers && std::none_of(rule.peers->begin(), rule.peers->end(), is_wildcard);
}

// policy.md 6.8
MatchType match_type(const Rule& rule, Protocol protocol, std::uint16_t port) {
  const bool l3 = names_peer(rule);
  if (!rule.ports) return l3 ? MatchType::L3Only : MatchType::All;
  if (matched_width(rule, protocol, port) == 65536) return l3 ? MatchType::L3Proto : MatchType::ProtoOnly;
  return l3 ? MatchType::L3L4 : MatchType::L4Only;
}

bool rule_matches(const Settings& settings, const Rule& rule, const Side& side, const Flow& flow) {
  if (!rule_matches_ports(rule, flow.protocol, flow.port)) return false;
  if (!rule.peers) return true;
  return std::any_of(rule.peers->begin(), rule.peers->end(), [&](const Peer& peer) {
    return peer_matches(settings, peer, side.peer, side.peer_address);
  });
}

SideDecision decided(const PolicySet& policies, std::vector<RuleId> rules, Action action, const Flow& flow) {
  const auto specificity = [&](RuleId id) {
    const Rule& rule = policies.rule(id);
    return std::tuple(matched_width(rule, flow.protocol, flow.port), !names_peer(rule), id);
  };
  std::sort(rules.begin(), rules.end(), [&](RuleId a, RuleId b) { return specificity(a) < specificity(b); });
  SideDecision answer;
  answer.enforced = true;
  answer.verdict = action == Action::Allow ? Verdict::Allowed : Verdict::Denied;
  answer.reason = action == Action::Allow ? DropReason::None : DropReason::PolicyDeny;
  answer.match = match_type(policies.rule(rules.front()), flow.protocol, flow.port);
  answer.decided_by = std::move(rules);
  return answer;
}

SideDecision allowed_by_default(DefaultRule rule, bool enforced) {
  return {.verdict = Verdict::Allowed, .enforced = enforced, .default_rule = rule};
}

/// E of policy.md 4.2: the rules of this direction that select the subject, by id.
std::vector<RuleId> selecting(const PolicySet& policies, const Side& side) {
  std::vector<RuleId> ids;
  for (std::uint32_t i = 0; i < policies.rules.size(); ++i) {
    const Rule& rule = policies.rules[i];
    // policy.md 2.5: a node rule never applies to pods; weir does not enforce on nodes yet.
    if (rule.direction == side.direction && !rule.subject_is_node && matches(rule.subject, side.subject.labels))
      ids.push_back(RuleId{i});
  }
  return ids;
}

std::vector<RuleId> with_action(const PolicySet& policies, const std::vector<RuleId>& ids, Action action) {
  std::vector<RuleId> found;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(found),
               [&](RuleId id) { return policies.rule(id).action == action; });
  return found;
}

/// The walk over groups of equal (tier, priority); nullopt when no rule decides. `selected` is in that order.
std::optional<SideDecision> walk(const PolicySet& policies, const Settings& settings, const std::vector<RuleId>& selected,
                                 const Side& side, const Flow& flow) {
  std::optional<Tier> skip;
  for (std::size_t begin = 0; begin < selected.size();) {
    const Rule& first = policies.rule(selected[begin]);
    std::vector<RuleId> matching;
    std::size_t end = begin;
    for (; end < selected.size(); ++end) {
      const Rule& rule = policies.rule(selected[end]);
      if (std::tie(rule.tier, rule.priority) != std::tie(first.tier, first.priority)) break;
      if (rule_matches(settings, rule, side, flow)) matching.push_back(selected[end]);
    }
    begin = end;
    if (skip == first.tier) continue;
    // policy.md 4.3: deny beats allow whatever is more specific.
    for (const Action action : {Action::Deny, Action::Allow})
      if (auto rules = with_action(policies, matching, action); !rules.empty())
        return decided(policies, std::move(rules), action, flow);
    if (!with_action(policies, matching, Action::Pass).empty()) skip = first.tier;
  }
  return std::nullopt;
}

SideDecision denied_by_default(const PolicySet& policies, const std::vector<RuleId>& selected) {
  SideDecision answer{.verdict = Verdict::Denied, .enforced = true, .reason = DropReason::PolicyDenied,
                      .default_rule = DefaultRule::DefaultDeny};
  for (const RuleId id : selected) {
    const Rule& rule = policies.rule(id);
    if (rule.default_deny) answer.decided_by.push_back(id);
    // policy.md 4.2, last line: with a Pass entry Cilium synthesizes a deny-any rule.
    if (rule.action == Action::Pass) answer.reason = DropReason::PolicyDeny;
  }
  return answer;
}

// policy.md 4.2 and issue 48444: with `always` and no rule at all 1.20 forgets the localhost allow.
bool localhost_is_let_in(const Settings& settings, const Side& side, bool has_rules) {
  return side.direction == Direction::Ingress && settings.allow_localhost && side.peer_is_local_host &&
         (has_rules || settings.dialect != Dialect::Cilium120);
}

bool is_frag_needed(const Settings& settings, const Flow& flow) {
  return settings.allow_icmp_frag_needed && flow.protocol == Protocol::Icmp && flow.port == 3 && flow.icmp_code == 4;
}

void add_assumptions(const PolicySet& policies, const SideDecision& side, std::vector<std::string>& into) {
  for (const RuleId id : side.decided_by) {
    const auto& assumptions = policies.rule(id).assumptions;
    into.insert(into.end(), assumptions.begin(), assumptions.end());
  }
}

// policy.md 4.5: a pod talking to its own address never reaches the datapath.
bool talks_to_itself(const Flow& flow) {
  return flow.source.kind == EndpointKind::Pod && flow.destination.kind == EndpointKind::Pod && flow.source.address &&
         flow.source.address == flow.destination.address;
}

}  // namespace

// policy.md 2.6; a selector never looks at the address.
bool peer_matches(const Settings& settings, const Peer& peer, const LabelSet& labels,
                  const std::optional<IpAddress>& address) {
  if (const auto* selector = std::get_if<SelectorPeer>(&peer)) return matches(selector->selector, labels);
  const auto& cidr = std::get<CidrPeer>(peer);
  const bool node = labels.reserved("host") || labels.reserved("remote-node");
  const bool reachable = labels.world() || (node ? settings.cidr_match_nodes : settings.cidr_match_pods);
  if (!reachable || !address || !contains(cidr.cidr, *address)) return false;
  return std::none_of(cidr.except.begin(), cidr.except.end(),
                      [&](const IpPrefix& except) { return contains(except, *address); });
}

bool rule_matches_ports(const Rule& rule, Protocol protocol, std::uint16_t port) {
  if (!rule.ports) return true;
  return std::any_of(rule.ports->begin(), rule.ports->end(), [&](const PortMatch& match) {
    return match.protocol == protocol && match.ports.contains(port);
  });
}

// policy.md 4.2
SideDecision decide_side(const PolicySet& policies, const Cluster& cluster, const Flow& flow, Direction direction) {
  const Settings& settings = cluster.settings;
  const Side side = side_of(flow, direction);
  // policy.md 4.4: an end that is no managed endpoint is not evaluated.
  if (side.subject.kind != EndpointKind::Pod) return allowed_by_default(DefaultRule::None, false);
  if (settings.enforcement == Enforcement::Never) return allowed_by_default(DefaultRule::DefaultAllow, false);
  const std::vector<RuleId> selected = selecting(policies, side);
  const bool forced = settings.enforcement == Enforcement::Always || side.subject.labels.reserved("init");
  if (selected.empty() && !forced) return allowed_by_default(DefaultRule::DefaultAllow, false);
  // policy.md 3.9: fragmentation needed always passes.
  if (is_frag_needed(settings, flow)) return allowed_by_default(DefaultRule::IcmpFragNeeded, true);
  if (auto answer = walk(policies, settings, selected, side, flow)) return *answer;
  const bool isolated = forced || std::any_of(selected.begin(), selected.end(),
                                              [&](RuleId id) { return policies.rule(id).default_deny; });
  if (!isolated) return allowed_by_default(DefaultRule::DefaultAllow, true);
  if (localhost_is_let_in(settings, side, !selected.empty())) return allowed_by_default(DefaultRule::AllowLocalhost, true);
  return denied_by_default(policies, selected);
}

Decision decide(const PolicySet& policies, const Cluster& cluster, const Flow& flow) {
  Decision decision;
  if (talks_to_itself(flow)) return decision;
  decision.egress = decide_side(policies, cluster, flow, Direction::Egress);
  decision.ingress = decide_side(policies, cluster, flow, Direction::Ingress);
  const bool denied = decision.egress.verdict == Verdict::Denied || decision.ingress.verdict == Verdict::Denied;
  decision.verdict = denied ? Verdict::Denied : Verdict::Allowed;
  add_assumptions(policies, decision.egress, decision.assumptions);
  add_assumptions(policies, decision.ingress, decision.assumptions);
  std::sort(decision.assumptions.begin(), decision.assumptions.end());
  decision.assumptions.erase(std::unique(decision.assumptions.begin(), decision.assumptions.end()),
                             decision.assumptions.end());
  return decision;
}

}  // namespace weir::ir
