#include "ir/tables/rule_index.h"

#include <algorithm>
#include <tuple>

#include "ir/policy/map_entry.h"
#include "ir/tables/name_match.h"

// policy.md 4.2 over bits: the same walk as ir/eval, with peers already matched. tests/differential holds the two together.
namespace weir::ir {
namespace {

using Bits = std::vector<std::uint64_t>;

constexpr std::uint32_t kNoPorts = 0x20000;  // wider than any range
constexpr std::uint32_t kNoMatch = 0xffffffff;
constexpr std::uint32_t kWholeProtocol = 65536;

struct Packet {
  const Settings& settings;
  const Bits& signature;
  Protocol protocol;
  std::uint16_t port;
  const PeerNames* names;
};

struct Hit {
  const IndexedRule* rule;
  std::uint32_t width;
};

enum class Matched : std::uint8_t { No, Yes, Maybe };

bool test(const Bits& bits, std::uint32_t bit) {
  return bit / 64 < bits.size() && (bits[bit / 64] >> (bit % 64) & 1) != 0;
}

/// The narrowest range that holds the port, kNoMatch when none does.
std::uint32_t matched_width(const IndexedRule& rule, const Packet& packet) {
  if (rule.any_port) return kNoPorts;
  std::uint32_t narrowest = kNoMatch;
  for (const PortMatch& match : rule.ports)
    if (match.protocol == packet.protocol && match.ports.contains(packet.port))
      narrowest = std::min(narrowest, std::uint32_t{match.ports.last} - match.ports.first + 1);
  return narrowest;
}

// policy.md 5.6
bool matches_names(const RuleList& list, const IndexedRule& rule, const Packet& packet) {
  const Dialect dialect = packet.settings.dialect;
  for (const std::string& name : packet.names->names)
    for (const FqdnPeer& peer : rule.names) {
      if (!matches_name(peer.name, name, dialect)) continue;
      const auto looks_up = [&](const NamePattern& pattern) { return matches_name(pattern, name, dialect); };
      if (!peer.needs_lookup || std::any_of(list.lookups.begin(), list.lookups.end(), looks_up)) return true;
    }
  return false;
}

Matched matches_peer(const RuleList& list, const IndexedRule& rule, const Packet& packet) {
  if (rule.any_peer || std::any_of(rule.matchers.begin(), rule.matchers.end(),
                                   [&](std::uint32_t bit) { return test(packet.signature, bit); }))
    return Matched::Yes;
  if (packet.names == nullptr || !packet.names->outside) return Matched::No;
  if (!rule.names.empty() && matches_names(list, rule, packet)) return Matched::Yes;
  const bool unnamed = !rule.names.empty() && packet.names->names.empty();
  return unnamed || rule.unresolved ? Matched::Maybe : Matched::No;
}

// policy.md 6.4, 6.8: of the entry that the packet meets.
MatchType match_type(const std::vector<Hit>& hits, const Packet& packet) {
  const auto width = [&](const IndexedRule& rule) {
    return rule.any_port ? kNoEntryPort : entry_width(rule.ports, packet.protocol, packet.port);
  };
  const auto key = [&](const Hit& hit) { return std::tuple(-hit.rule->precedence, width(*hit.rule), hit.rule->any_peer); };
  const Hit& met = *std::min_element(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) { return key(a) < key(b); });
  const bool any_peer = met.rule->any_peer;
  if (met.width == kNoPorts) return any_peer ? MatchType::All : MatchType::L3Only;
  if (met.width == kWholeProtocol) return any_peer ? MatchType::ProtoOnly : MatchType::L3Proto;
  return any_peer ? MatchType::L4Only : MatchType::L3L4;
}

// policy.md 3.11: the mode of the most specific rule that has one; of equal ones the higher.
Auth auth_of(const std::vector<Hit>& sorted) {
  const Hit* first = nullptr;
  Auth mode = Auth::Unset;
  for (const Hit& hit : sorted) {
    if (hit.rule->auth == Auth::Unset) continue;
    if (first == nullptr) first = &hit;
    if (hit.width == first->width && hit.rule->any_peer == first->rule->any_peer) mode = std::max(mode, hit.rule->auth);
  }
  return mode;
}

/// Decides by the hits of one action, all of one level.
SideDecision decided(std::vector<Hit> hits, Action action, const Packet& packet) {
  const auto key = [](const Hit& hit) { return std::tuple(hit.width, hit.rule->any_peer, hit.rule->rule); };
  std::sort(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) { return key(a) < key(b); });
  const Auth auth = action == Action::Allow ? auth_of(hits) : Auth::Unset;
  SideDecision answer;
  answer.enforced = true;
  answer.verdict = action == Action::Deny || auth == Auth::AlwaysFail ? Verdict::Denied : Verdict::Allowed;
  if (action == Action::Deny) answer.reason = DropReason::PolicyDeny;
  if (auth == Auth::AlwaysFail) answer.reason = DropReason::AuthRequired;
  answer.authenticate = auth == Auth::Required;
  // policy.md 3.13
  if (action == Action::Allow && std::any_of(hits.begin(), hits.end(), [](const Hit& hit) { return hit.rule->conflict; })) {
    answer.verdict = Verdict::Unknown;
    answer.reason = DropReason::None;
  }
  answer.redirect = answer.verdict == Verdict::Allowed &&
                    std::any_of(hits.begin(), hits.end(), [](const Hit& hit) { return hit.rule->l7; });
  answer.match = match_type(hits, packet);
  for (const Hit& hit : hits) answer.decided_by.push_back(hit.rule->rule);
  return answer;
}

SideDecision default_allow(DefaultRule rule, bool enforced) {
  SideDecision answer;
  answer.enforced = enforced;
  answer.default_rule = rule;
  return answer;
}

template <class Test>
bool any_rule(const RuleList& list, Test&& test) {
  return std::any_of(list.groups.begin(), list.groups.end(),
                     [&](const IndexedGroup& group) { return std::any_of(group.rules.begin(), group.rules.end(), test); });
}

bool has_pass(const RuleList& list) {
  return any_rule(list, [](const IndexedRule& rule) { return rule.action == Action::Pass; });
}

SideDecision default_deny(const RuleList& list) {
  SideDecision answer;
  answer.enforced = true;
  answer.verdict = Verdict::Denied;
  answer.reason = has_pass(list) ? DropReason::PolicyDeny : DropReason::PolicyDenied;
  answer.default_rule = DefaultRule::DefaultDeny;
  answer.decided_by = list.isolating;
  return answer;
}

/// The first level at which a rule decides, and what may come before it.
struct Walk {
  std::optional<SideDecision> answer;
  std::vector<SideDecision> possible;
};

Walk walk(const RuleList& list, const Packet& packet) {
  Walk out;
  std::optional<Tier> passed;
  for (const IndexedGroup& group : list.groups) {
    if (passed == group.tier) continue;
    // policy.md 8.2
    if (group.tier == Tier::Baseline && list.default_deny && !packet.settings.derived_baseline_before_default_deny) break;
    std::vector<Hit> sure[3], maybe[3];  // by Action
    for (const IndexedRule& rule : group.rules) {
      const std::uint32_t width = matched_width(rule, packet);
      const Matched how = width == kNoMatch ? Matched::No : matches_peer(list, rule, packet);
      if (how != Matched::No) (how == Matched::Yes ? sure : maybe)[static_cast<std::size_t>(rule.action)].push_back({&rule, width});
    }
    for (const Action action : {Action::Deny, Action::Allow}) {
      if (auto& found = sure[static_cast<std::size_t>(action)]; !found.empty()) {
        out.answer = decided(std::move(found), action, packet);
        return out;
      }
      if (auto& found = maybe[static_cast<std::size_t>(action)]; !found.empty()) out.possible.push_back(decided(std::move(found), action, packet));
    }
    if (!sure[static_cast<std::size_t>(Action::Pass)].empty()) passed = group.tier;
  }
  return out;
}

SideDecision by_default(const RuleIndex& index, const RuleList& list, Direction direction, bool peer_is_local_host) {
  if (!list.default_deny) return default_allow(DefaultRule::DefaultAllow, true);
  // Issue 48444: with `always` and no rule at all, dialect 1.20 forgets the localhost allow.
  const bool let_in = !list.groups.empty() || index.settings.dialect != Dialect::Cilium120;
  if (direction == Direction::Ingress && peer_is_local_host && index.settings.allow_localhost && let_in)
    return default_allow(DefaultRule::AllowLocalhost, true);
  return default_deny(list);
}

/// Unknown when something that may be so would answer otherwise.
SideDecision settle(SideDecision answer, const std::vector<SideDecision>& possible) {
  SideDecision unknown;
  unknown.verdict = Verdict::Unknown;
  unknown.enforced = true;
  for (const SideDecision& one : possible)
    if (one.verdict != answer.verdict)
      unknown.decided_by.insert(unknown.decided_by.end(), one.decided_by.begin(), one.decided_by.end());
  return unknown.decided_by.empty() ? answer : unknown;
}

SideDecision judge(const RuleIndex& index, const RuleList& list, Direction direction, const Packet& packet,
                   bool peer_is_local_host, std::uint8_t icmp_code) {
  if (!list.enforced) return default_allow(DefaultRule::DefaultAllow, false);
  // policy.md 3.9: fragmentation needed always passes.
  if (index.settings.allow_icmp_frag_needed && packet.protocol == Protocol::Icmp && packet.port == 3 && icmp_code == 4)
    return default_allow(DefaultRule::IcmpFragNeeded, true);
  Walk found = walk(list, packet);
  return settle(found.answer ? std::move(*found.answer) : by_default(index, list, direction, peer_is_local_host), found.possible);
}

}  // namespace

std::vector<MatchedLevel> matched_levels(const RuleIndex& index, const RuleList& list, const Bits& signature, Protocol protocol,
                                         std::uint16_t port, const PeerNames* names) {
  const Packet packet{index.settings, signature, protocol, port, names};
  std::vector<MatchedLevel> levels;
  for (const IndexedGroup& group : list.groups) {
    MatchedLevel& level = levels.emplace_back();
    level.tier = group.tier;
    for (const IndexedRule& rule : group.rules) {
      if (matched_width(rule, packet) == kNoMatch || matches_peer(list, rule, packet) != Matched::Yes) continue;
      if (rule.action == Action::Deny) level.deny.push_back(&rule);
      if (rule.action == Action::Allow) level.allow.push_back(&rule);
      level.pass = level.pass || rule.action == Action::Pass;
    }
  }
  return levels;
}

bool asks_for_names(const RuleIndex& index, SubjectClass subject, Direction direction) {
  return any_rule(index.subjects[subject.index][static_cast<std::size_t>(direction)],
                  [](const IndexedRule& rule) { return !rule.names.empty() || rule.unresolved; });
}

bool may_be_unknown(const RuleIndex& index, SubjectClass subject, Direction direction) {
  return any_rule(index.subjects[subject.index][static_cast<std::size_t>(direction)],
                  [](const IndexedRule& rule) { return !rule.names.empty() || rule.unresolved || rule.conflict; });
}

SideDecision decide(const RuleIndex& index, SubjectClass subject, Direction direction, const Bits& signature,
                    bool peer_is_local_host, Protocol protocol, std::uint16_t port, std::uint8_t icmp_code,
                    const PeerNames* names) {
  const RuleList& list = index.subjects[subject.index][static_cast<std::size_t>(direction)];
  const Packet packet{index.settings, signature, protocol, port, names};
  SideDecision all = judge(index, list, direction, packet, peer_is_local_host, icmp_code);
  // policy.md 6.9
  if (index.settings.audit_mode) return with_audit(std::move(all), {});
  if (list.enforced_only.empty()) return all;
  return with_audit(std::move(all), judge(index, list.enforced_only.front(), direction, packet, peer_is_local_host, icmp_code));
}

}  // namespace weir::ir
