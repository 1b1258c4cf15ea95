#include "ir/tables/rule_index.h"

#include <algorithm>
#include <tuple>

// policy.md 4.2 over bits: the same walk as ir/eval, with peers already matched. tests/differential holds the two together.
namespace weir::ir {
namespace {

using Bits = std::vector<std::uint64_t>;

constexpr std::uint32_t kNoPorts = 0x20000;  // wider than any range
constexpr std::uint32_t kNoMatch = 0xffffffff;
constexpr std::uint32_t kWholeProtocol = 65536;

struct Packet {
  const Bits& signature;
  Protocol protocol;
  std::uint16_t port;
};

struct Hit {
  const IndexedRule* rule;
  std::uint32_t width;
};

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

bool matches_peer(const IndexedRule& rule, const Packet& packet) {
  return rule.any_peer || std::any_of(rule.matchers.begin(), rule.matchers.end(),
                                      [&](std::uint32_t bit) { return test(packet.signature, bit); });
}

// policy.md 6.8
MatchType match_type(const Hit& hit) {
  const bool any_peer = hit.rule->any_peer;
  if (hit.width == kNoPorts) return any_peer ? MatchType::All : MatchType::L3Only;
  if (hit.width == kWholeProtocol) return any_peer ? MatchType::ProtoOnly : MatchType::L3Proto;
  return any_peer ? MatchType::L4Only : MatchType::L3L4;
}

/// Decides by the hits of one action, all of one level.
SideDecision decided(std::vector<Hit> hits, Action action) {
  const auto key = [](const Hit& hit) { return std::tuple(hit.width, hit.rule->any_peer, hit.rule->rule); };
  std::sort(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) { return key(a) < key(b); });
  SideDecision answer;
  answer.enforced = true;
  answer.verdict = action == Action::Deny ? Verdict::Denied : Verdict::Allowed;
  if (action == Action::Deny) answer.reason = DropReason::PolicyDeny;
  answer.match = match_type(hits.front());
  for (const Hit& hit : hits) answer.decided_by.push_back(hit.rule->rule);
  return answer;
}

SideDecision default_allow(DefaultRule rule, bool enforced) {
  SideDecision answer;
  answer.enforced = enforced;
  answer.default_rule = rule;
  return answer;
}

bool has_pass(const RuleList& list) {
  return std::any_of(list.groups.begin(), list.groups.end(), [](const IndexedGroup& group) {
    return std::any_of(group.rules.begin(), group.rules.end(),
                       [](const IndexedRule& rule) { return rule.action == Action::Pass; });
  });
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

/// The first level at which a rule decides.
std::optional<SideDecision> walk(const RuleList& list, const Packet& packet) {
  std::optional<Tier> passed;
  for (const IndexedGroup& group : list.groups) {
    if (passed == group.tier) continue;
    std::vector<Hit> hits[3];  // by Action
    for (const IndexedRule& rule : group.rules)
      if (const std::uint32_t width = matched_width(rule, packet); width != kNoMatch && matches_peer(rule, packet))
        hits[static_cast<std::size_t>(rule.action)].push_back({&rule, width});
    for (const Action action : {Action::Deny, Action::Allow})
      if (auto& found = hits[static_cast<std::size_t>(action)]; !found.empty()) return decided(std::move(found), action);
    if (!hits[static_cast<std::size_t>(Action::Pass)].empty()) passed = group.tier;
  }
  return std::nullopt;
}

}  // namespace

SideDecision decide(const RuleIndex& index, SubjectClass subject, Direction direction, const Bits& signature,
                    bool peer_is_local_host, Protocol protocol, std::uint16_t port, std::uint8_t icmp_code) {
  const Settings& settings = index.settings;
  const RuleList& list = index.subjects[subject.index][static_cast<std::size_t>(direction)];
  if (!list.enforced) return default_allow(DefaultRule::DefaultAllow, false);
  // policy.md 3.9: fragmentation needed always passes.
  if (settings.allow_icmp_frag_needed && protocol == Protocol::Icmp && port == 3 && icmp_code == 4)
    return default_allow(DefaultRule::IcmpFragNeeded, true);
  if (auto answer = walk(list, {signature, protocol, port})) return *answer;
  if (!list.default_deny) return default_allow(DefaultRule::DefaultAllow, true);
  // Issue 48444: with `always` and no rule at all, dialect 1.20 forgets the localhost allow.
  const bool let_in = !list.groups.empty() || settings.dialect != Dialect::Cilium120;
  if (direction == Direction::Ingress && peer_is_local_host && settings.allow_localhost && let_in)
    return default_allow(DefaultRule::AllowLocalhost, true);
  return default_deny(list);
}

}  // namespace weir::ir
