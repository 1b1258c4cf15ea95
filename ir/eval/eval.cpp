// The reference evaluator: policy.md section 4, written to be read beside it. Tested by tests/unit/ir/eval_test.cpp and,
// against every other engine, by tests/differential.
#include "ir/eval/eval.h"

#include <algorithm>
#include <tuple>

#include "ir/eval/l7.h"
#include "ir/eval/side.h"
#include "ir/flow/assumptions.h"
#include "ir/policy/map_entry.h"

namespace weir::ir {
namespace {

bool is_wildcard(const Peer& peer) {
  const auto* selector = std::get_if<SelectorPeer>(&peer);
  return selector && selector->selector.everything();
}

bool names_peer(const Rule& rule) {
  return rule.peers && std::none_of(rule.peers->begin(), rule.peers->end(), is_wildcard);
}

// policy.md 6.4, 6.8: of the entry that the packet meets.
MatchType match_type(const Side& side, const std::vector<RuleId>& ids) {
  const Protocol protocol = side.flow.protocol;
  const std::uint16_t port = side.flow.port;
  const auto key = [&](RuleId id) {
    const Rule& rule = side.policies.rule(id);
    const std::uint32_t width = rule.ports ? entry_width(*rule.ports, protocol, port) : kNoEntryPort;
    return std::tuple(-redirect_precedence(rule), width, !names_peer(rule));
  };
  const Rule& met = side.policies.rule(*std::min_element(ids.begin(), ids.end(), [&](RuleId a, RuleId b) { return key(a) < key(b); }));
  const bool l3 = names_peer(met);
  if (!met.ports) return l3 ? MatchType::L3Only : MatchType::All;
  if (matched_width(met, protocol, port) == kEveryPort) return l3 ? MatchType::L3Proto : MatchType::ProtoOnly;
  return l3 ? MatchType::L3L4 : MatchType::L4Only;
}

/// The most specific first.
void sort_by_specificity(const Side& side, std::vector<RuleId>& rules) {
  const auto key = [&](RuleId id) {
    const Rule& rule = side.policies.rule(id);
    return std::tuple(matched_width(rule, side.flow.protocol, side.flow.port), !names_peer(rule), id);
  };
  std::sort(rules.begin(), rules.end(), [&](RuleId a, RuleId b) { return key(a) < key(b); });
}

// policy.md 3.11: a rule without a mode inherits that of the most specific one that has; of equal ones the higher.
Auth auth_of(const Side& side, const std::vector<RuleId>& sorted) {
  Auth mode = Auth::Unset;
  std::tuple<std::uint32_t, bool> level;
  for (const RuleId id : sorted) {
    const Rule& rule = side.policies.rule(id);
    const std::tuple here(matched_width(rule, side.flow.protocol, side.flow.port), !names_peer(rule));
    if (rule.auth == Auth::Unset || (mode != Auth::Unset && here != level)) continue;
    mode = std::max(mode, rule.auth);
    level = here;
  }
  return mode;
}

SideDecision decided(const Side& side, std::vector<RuleId> rules, Action action) {
  sort_by_specificity(side, rules);
  SideDecision answer;
  answer.enforced = true;
  answer.verdict = action == Action::Allow ? Verdict::Allowed : Verdict::Denied;
  answer.reason = action == Action::Allow ? DropReason::None : DropReason::PolicyDeny;
  answer.match = match_type(side, rules);
  if (action == Action::Allow) {
    const Auth auth = auth_of(side, rules);
    answer.authenticate = auth == Auth::Required;
    if (auth == Auth::AlwaysFail) std::tie(answer.verdict, answer.reason) = std::tuple(Verdict::Denied, DropReason::AuthRequired);
    // policy.md 3.13: Cilium keeps whatever it had before.
    const auto in_conflict = [&](RuleId id) { return side.policies.rule(id).conflict; };
    if (std::any_of(rules.begin(), rules.end(), in_conflict)) std::tie(answer.verdict, answer.reason) = std::tuple(Verdict::Unknown, DropReason::None);
    answer.redirect = answer.verdict == Verdict::Allowed && std::any_of(rules.begin(), rules.end(), [&](RuleId id) {
      return side.policies.rule(id).l7.has_value();
    });
  }
  answer.decided_by = std::move(rules);
  return answer;
}

SideDecision allowed_by_default(DefaultRule rule, bool enforced) {
  return {.verdict = Verdict::Allowed, .enforced = enforced, .default_rule = rule};
}

SideDecision denied_by_default(const Side& side) {
  SideDecision answer{.verdict = Verdict::Denied, .enforced = true, .reason = DropReason::PolicyDenied,
                      .default_rule = DefaultRule::DefaultDeny};
  for (const RuleId id : side.selected) {
    const Rule& rule = side.policies.rule(id);
    if (rule.default_deny) answer.decided_by.push_back(id);
    // policy.md 4.2, last line: with a Pass entry Cilium synthesizes a deny-any rule.
    if (rule.action == Action::Pass) answer.reason = DropReason::PolicyDeny;
  }
  return answer;
}

/// The rules of one group of equal (tier, priority), by how they match and what they do.
struct Group {
  Tier tier = Tier::Normal;
  std::vector<RuleId> sure[3], possible[3];  // by Action
  [[nodiscard]] const std::vector<RuleId>& of(Match match, Action action) const {
    return (match == Match::Yes ? sure : possible)[static_cast<std::size_t>(action)];
  }
};

/// `at` moves on to the next group.
Group next_group(const Side& side, std::size_t& at) {
  const Rule& first = side.policies.rule(side.selected[at]);
  Group group{.tier = first.tier};
  for (; at < side.selected.size(); ++at) {
    const Rule& rule = side.policies.rule(side.selected[at]);
    if (std::tie(rule.tier, rule.priority) != std::tie(first.tier, first.priority)) break;
    const Match how = match(side, rule);
    if (how == Match::No) continue;
    (how == Match::Yes ? group.sure : group.possible)[static_cast<std::size_t>(rule.action)].push_back(side.selected[at]);
  }
  return group;
}

/// What may come before the answer, when a peer is not known for sure.
struct Walk {
  std::optional<SideDecision> answer;  // absent: no rule decides for sure
  std::vector<SideDecision> possible;
};

/// The walk of policy.md 4.2 over groups of equal (tier, priority).
Walk walk(const Side& side) {
  Walk out;
  std::optional<Tier> skip;
  for (std::size_t at = 0; at < side.selected.size();) {
    const Group group = next_group(side, at);
    if (skip == group.tier) continue;
    // policy.md 8.2: upstream, rules of the Normal tier have the last word on whom they isolate.
    if (group.tier == Tier::Baseline && !baseline_counts(side)) break;
    // policy.md 4.3: deny beats allow whatever is more specific.
    for (const Action action : {Action::Deny, Action::Allow}) {
      if (const auto& rules = group.of(Match::Yes, action); !rules.empty()) {
        out.answer = decided(side, rules, action);
        return out;
      }
      if (const auto& rules = group.of(Match::Maybe, action); !rules.empty()) out.possible.push_back(decided(side, rules, action));
    }
    if (!group.of(Match::Yes, Action::Pass).empty()) skip = group.tier;
  }
  return out;
}

SideDecision by_default(const Side& side) {
  if (!side.default_deny()) return allowed_by_default(DefaultRule::DefaultAllow, true);
  if (localhost_is_let_in(side)) return allowed_by_default(DefaultRule::AllowLocalhost, true);
  return denied_by_default(side);
}

/// Unknown when something that may be so would answer otherwise.
SideDecision settle(Walk found, const Side& side) {
  SideDecision answer = found.answer ? std::move(*found.answer) : by_default(side);
  SideDecision unknown{.verdict = Verdict::Unknown, .enforced = true};
  for (const SideDecision& one : found.possible)
    if (one.verdict != answer.verdict)
      unknown.decided_by.insert(unknown.decided_by.end(), one.decided_by.begin(), one.decided_by.end());
  return unknown.decided_by.empty() ? answer : unknown;
}

bool is_frag_needed(const Settings& settings, const Flow& flow) {
  return settings.allow_icmp_frag_needed && flow.protocol == Protocol::Icmp && flow.port == 3 && flow.icmp_code == 4;
}

// policy.md 4.2
SideDecision judge(const Side& side) {
  if (side.selected.empty() && !side.forced()) return allowed_by_default(DefaultRule::DefaultAllow, false);
  // policy.md 3.9: fragmentation needed always passes.
  if (is_frag_needed(side.settings(), side.flow)) return allowed_by_default(DefaultRule::IcmpFragNeeded, true);
  return settle(walk(side), side);
}

// policy.md 4.5: a pod talking to its own address never reaches the datapath.
bool talks_to_itself(const Flow& flow) {
  return flow.source.kind == EndpointKind::Pod && flow.destination.kind == EndpointKind::Pod && flow.source.address &&
         flow.source.address == flow.destination.address;
}

}  // namespace

// policy.md 2.6; a selector never looks at the address. Names and unresolved peers are `match`'s.
bool peer_matches(const Settings& settings, const Peer& peer, const LabelSet& labels,
                  const std::optional<IpAddress>& address) {
  if (const auto* selector = std::get_if<SelectorPeer>(&peer)) return matches(selector->selector, labels);
  const auto* cidr = std::get_if<CidrPeer>(&peer);
  if (cidr == nullptr) return false;
  const bool node = labels.reserved("host") || labels.reserved("remote-node");
  const bool reachable = labels.world() || (node ? settings.cidr_match_nodes : settings.cidr_match_pods);
  // policy.md 2.6: /0 is the world label itself, whatever the address.
  if (!address) return labels.world() && cidr->cidr.length == 0 && cidr->except.empty() && !labels.reserved(cidr->cidr.address.family == IpFamily::V4 ? "world-ipv6" : "world-ipv4");
  if (!reachable || !contains(cidr->cidr, *address)) return false;
  return std::none_of(cidr->except.begin(), cidr->except.end(),
                      [&](const IpPrefix& except) { return contains(except, *address); });
}

bool rule_matches_ports(const Rule& rule, Protocol protocol, std::uint16_t port) {
  if (!rule.ports) return true;
  return std::any_of(rule.ports->begin(), rule.ports->end(), [&](const PortMatch& match) {
    return match.protocol == protocol && match.ports.contains(port);
  });
}

SideDecision decide_side(const PolicySet& policies, const Cluster& cluster, const Flow& flow, Direction direction) {
  const Settings& settings = cluster.settings;
  // policy.md 4.4: an end that is no managed endpoint is not evaluated.
  if (!is_managed(settings, direction == Direction::Egress ? flow.source : flow.destination))
    return allowed_by_default(DefaultRule::None, false);
  if (settings.enforcement == Enforcement::Never) return allowed_by_default(DefaultRule::DefaultAllow, false);
  SideDecision all = judge(side_of(policies, cluster, flow, direction, true));
  // policy.md 6.9
  if (settings.audit_mode) return with_audit(std::move(all), {});
  if (std::none_of(policies.rules.begin(), policies.rules.end(), [](const Rule& rule) { return rule.audit; })) return all;
  return with_audit(std::move(all), judge(side_of(policies, cluster, flow, direction, false)));
}

Decision decide(const PolicySet& policies, const Cluster& cluster, const Flow& flow) {
  Decision decision;
  if (talks_to_itself(flow)) return decision;
  decision.egress = decide_side(policies, cluster, flow, Direction::Egress);
  decision.ingress = decide_side(policies, cluster, flow, Direction::Ingress);
  if (flow.request && verdict_of(decision.egress, decision.ingress, {}) == Verdict::Allowed)
    decision.l7 = decide_request(policies, cluster, flow);
  decision.verdict = verdict_of(decision.egress, decision.ingress, decision.l7);
  decision.assumptions = assumptions_of(policies, cluster.settings, decision);
  return decision;
}

}  // namespace weir::ir
