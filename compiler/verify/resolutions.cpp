// Tested by tests/unit/compiler/verify/policy_diff_test.cpp.
#include "compiler/verify/resolutions.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "compiler/verify/spoken_names.h"
#include "ir/eval/patterns.h"

namespace weir::compiler {
namespace {

using ir::Peer;
using ir::RuleId;

constexpr std::size_t kMost = 64;

bool is_unresolved(const Peer& peer) { return std::holds_alternative<ir::FqdnPeer>(peer) || std::holds_alternative<ir::UnresolvedPeer>(peer); }

std::set<Peer> unresolved_of(const ir::Rule& rule) {
  std::set<Peer> out;
  for (const Peer& peer : rule.peers.value_or(std::vector<Peer>{}))
    if (is_unresolved(peer)) out.insert(peer);
  return out;
}

/// Of all rules, or of those of one action.
std::set<Peer> unresolved_of(const ir::PolicySet& policies, bool allows_alone) {
  std::set<Peer> out;
  for (const ir::Rule& rule : policies.rules)
    if (!allows_alone || rule.action == ir::Action::Allow) out.merge(unresolved_of(rule));
  return out;
}

std::set<Peer> both(const ir::PolicySet& before, const ir::PolicySet& after, bool allows_alone = false) {
  std::set<Peer> out = unresolved_of(before, allows_alone);
  out.merge(unresolved_of(after, allows_alone));
  return out;
}

std::set<Peer> own_peers(const ir::PolicySet& before, const ir::PolicySet& after, const OwnRules& own) {
  std::set<Peer> out;
  for (const RuleId id : own.before) out.merge(unresolved_of(before.rule(id)));
  for (const RuleId id : own.after) out.merge(unresolved_of(after.rule(id)));
  return out;
}

bool tiered(const ir::PolicySet& policies) {
  return std::any_of(policies.rules.begin(), policies.rules.end(), [](const ir::Rule& rule) { return rule.tier != ir::Tier::Normal || rule.priority != 0; });
}

const ir::NamePattern* pattern_of(const Peer& peer) {
  const auto* fqdn = std::get_if<ir::FqdnPeer>(&peer);
  return fqdn == nullptr ? nullptr : &fqdn->name;
}

/// Which of the peers an address with this name has.
std::vector<Peer> holding(const std::set<Peer>& all, const std::string& name, ir::Dialect dialect) {
  std::vector<Peer> out;
  for (const Peer& peer : all)
    if (const ir::NamePattern* pattern = pattern_of(peer); pattern != nullptr && ir::name_matches(*pattern, name, dialect)) out.push_back(peer);
  return out;
}

/// Whether the rule lets its subject look the name up (policy.md 5.6).
bool looks_up(const ir::Rule& rule, const std::string& name, ir::Dialect dialect) {
  return rule.l7 && rule.direction == ir::Direction::Egress && rule.action == ir::Action::Allow &&
         std::any_of(rule.l7->dns.begin(), rule.l7->dns.end(), [&](const ir::NamePattern& pattern) { return ir::name_matches(pattern, name, dialect); });
}

bool waits_for_lookup(const Peer& peer) {
  const auto* fqdn = std::get_if<ir::FqdnPeer>(&peer);
  return fqdn != nullptr && fqdn->needs_lookup;
}

/// Whether one of the rules lets its subject look names up.
bool asks(const ir::PolicySet& policies, const std::vector<RuleId>& ids) {
  return std::any_of(ids.begin(), ids.end(), [&](RuleId id) { return policies.rule(id).l7 && !policies.rule(id).l7->dns.empty(); });
}

/// Peers on which a difference may hang: those of own rules, with tiers all, and where own rules say which names may be looked
/// up those that wait for it.
std::set<Peer> deciding(const std::set<Peer>& all, const ir::PolicySet& before, const ir::PolicySet& after, const OwnRules& own) {
  if (tiered(before) || tiered(after)) return all;
  std::set<Peer> out = own_peers(before, after, own);
  if (asks(before, own.before) || asks(after, own.after)) std::copy_if(all.begin(), all.end(), std::inserter(out, out.end()), waits_for_lookup);
  return out;
}

/// What a set of rules makes of a name: rules with a peer that holds it, those that wait for a lookup of it apart, and rules
/// that let it be looked up. Names of one effect are one name.
using Effect = std::vector<std::pair<RuleId, bool>>;
struct Effects {
  const ir::PolicySet& policies;
  ir::Dialect dialect;
  std::map<Peer, Effect> of_peer;

  Effects(const ir::PolicySet& set, ir::Dialect which) : policies(set), dialect(which) {
    for (std::uint32_t i = 0; i < set.rules.size(); ++i)
      for (const Peer& peer : unresolved_of(set.rules[i])) of_peer[peer].emplace_back(RuleId{i}, waits_for_lookup(peer));
  }
  [[nodiscard]] std::pair<Effect, std::vector<RuleId>> of(const std::string& name, const std::vector<Peer>& held) const {
    std::pair<Effect, std::vector<RuleId>> out;
    for (const Peer& peer : held)
      if (const auto at = of_peer.find(peer); at != of_peer.end()) out.first.insert(out.first.end(), at->second.begin(), at->second.end());
    std::sort(out.first.begin(), out.first.end());
    out.first.erase(std::unique(out.first.begin(), out.first.end()), out.first.end());
    for (std::uint32_t i = 0; i < policies.rules.size(); ++i)
      if (looks_up(policies.rules[i], name, dialect)) out.second.push_back(RuleId{i});
    return out;
  }
};

/// A name that no pattern matches; "": one matches every name.
std::string nobodys_name(const std::set<Peer>& all, ir::Dialect dialect) {
  const std::string name = "nobodys-name.invalid";
  return holding(all, name, dialect).empty() ? name : "";
}

/// What of the rule's subject may look the name up, by the rules that let it.
std::vector<ir::Selector> asking(const Space& space, const ir::Rule& rule, const std::vector<const ir::Rule*>& lookups) {
  std::vector<ir::Selector> out;
  for (const ir::Rule* one : lookups) {
    if (one->subject_is_node != rule.subject_is_node) continue;
    ir::Selector both = rule.subject;
    for (const ir::Requirement& requirement : one->subject.requirements) both.add(requirement);
    if (both == rule.subject) return {both};
    if (rule.subject_is_node || space.pods_of(both)) out.push_back(std::move(both));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Peer entity(const char* name) {
  ir::SelectorPeer peer;
  peer.selector.add(ir::exists("reserved", name));
  return peer;
}

const std::vector<Peer> kOutside{entity("world"), entity("world-ipv4"), entity("world-ipv6")};

}  // namespace

bool has_unresolved(const ir::PolicySet& policies) { return !unresolved_of(policies, false).empty(); }

std::vector<Resolution> resolutions(const ir::PolicySet& before, const ir::PolicySet& after, const OwnRules& own, const ir::Cluster& cluster,
                                    std::string& unknown) {
  const ir::Dialect dialect = cluster.settings.dialect;
  const std::set<Peer> all = both(before, after), allows = both(before, after, true), asked = deciding(all, before, after, own);
  std::vector<Resolution> out;
  // Those with a name first: the evaluator is sure of them.
  SpokenNames spoken = spoken_names(before);
  spoken.merge(spoken_names(after));
  const Effects a(before, dialect), b(after, dialect);
  std::set<std::pair<decltype(a.of({}, {})), decltype(b.of({}, {}))>> seen;
  for (const std::string& name : asked.empty() ? std::vector<std::string>{} : names_told_apart(spoken, cluster, unknown)) {
    Resolution one{holding(all, name, dialect), name};
    if (std::none_of(one.holding.begin(), one.holding.end(), [&](const Peer& peer) { return asked.contains(peer); })) continue;
    if (seen.emplace(a.of(name, one.holding), b.of(name, one.holding)).second) out.push_back(std::move(one));
  }
  for (const Peer& peer : asked) {
    if (pattern_of(peer) != nullptr) continue;
    out.push_back({{peer}, {}});
    // A group that a deny names is seen where the allows hold.
    Resolution with_allows{{allows.begin(), allows.end()}, {}};
    with_allows.holding.push_back(peer);
    std::sort(with_allows.holding.begin(), with_allows.holding.end());
    if (!allows.contains(peer)) out.push_back(std::move(with_allows));
  }
  if (out.size() > kMost) {
    unknown = "names and groups turn out in more than " + std::to_string(kMost) + " ways";
    out.resize(kMost);
  }
  const std::string nobody = nobodys_name(all, dialect);
  out.push_back({{}, nobody.empty() ? std::nullopt : std::optional(nobody)});
  if (allows != all) out.push_back({{allows.begin(), allows.end()}, {}});
  out.push_back({{all.begin(), all.end()}, {}});
  return out;
}

ir::PolicySet resolved(const Space& space, const ir::PolicySet& policies, const Resolution& resolution, const ir::PolicySet& all) {
  std::vector<const ir::Rule*> lookups;
  for (const ir::Rule& rule : all.rules)
    if (resolution.name && looks_up(rule, *resolution.name, space.cluster().settings.dialect)) lookups.push_back(&rule);
  const auto holds = [&](const Peer& peer) { return std::binary_search(resolution.holding.begin(), resolution.holding.end(), peer); };
  const auto waits = [&](const Peer& peer) { return resolution.name && waits_for_lookup(peer); };
  ir::PolicySet out = policies;
  for (const ir::Rule& rule : policies.rules) {
    if (!rule.peers || std::none_of(rule.peers->begin(), rule.peers->end(), is_unresolved)) continue;
    ir::Rule& here = out.rules[static_cast<std::size_t>(&rule - policies.rules.data())];
    std::erase_if(*here.peers, is_unresolved);
    const bool at_once = std::any_of(rule.peers->begin(), rule.peers->end(), [&](const Peer& peer) { return holds(peer) && !waits(peer); });
    const bool later = !at_once && std::any_of(rule.peers->begin(), rule.peers->end(), holds);
    if (at_once) here.peers->insert(here.peers->end(), kOutside.begin(), kOutside.end());
    if (!later) continue;
    ir::Rule extra = rule;
    extra.peers = kOutside;
    extra.default_deny = false;
    for (ir::Selector& subject : asking(space, rule, lookups)) {
      extra.subject = std::move(subject);
      out.rules.push_back(extra);
    }
  }
  return out;
}

bool alike(const Space& space, const ir::PolicySet& before, const ir::PolicySet& after, const OwnRules& own, const Resolution& resolution) {
  const auto only = [](const ir::PolicySet& policies, const std::vector<RuleId>& ids) {
    ir::PolicySet out;
    for (const RuleId id : ids) out.rules.push_back(policies.rule(id));
    return out;
  };
  // Who may look a name up would be another question in each.
  if (asks(before, own.before) || asks(after, own.after)) return false;
  const ir::PolicySet a = only(before, own.before), b = only(after, own.after);
  const OwnRules left = own_rules(resolved(space, a, resolution, before), resolved(space, b, resolution, after));
  return left.before.empty() && left.after.empty();
}

}  // namespace weir::compiler
