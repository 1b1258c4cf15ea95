// Tested by tests/unit/compiler/verify/policy_diff_test.cpp.
#include "compiler/verify/resolutions.h"

#include <algorithm>
#include <set>

#include "compiler/verify/request_diff.h"
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

/// A name for each way in which the patterns of all peers overlap.
std::vector<std::string> names_of(const std::set<Peer>& all, const ir::Cluster& cluster, std::string& unknown) {
  ir::L7Rules patterns;
  for (const Peer& peer : all)
    if (const ir::NamePattern* pattern = pattern_of(peer)) patterns.dns.push_back(*pattern);
  if (patterns.dns.empty()) return {};
  RequestSamples samples(cluster, VerifyLimits{}.pieces);
  std::vector<std::string> out;
  for (const ir::L7Request& request : samples.of({patterns}, RequestKind::Dns))
    if (request.dns) out.push_back(*request.dns);
  if (!samples.why().empty()) unknown = "too many patterns of names overlap";
  return out;
}

/// A name that no pattern matches; "": one matches every name.
std::string nobodys_name(const std::set<Peer>& all, ir::Dialect dialect) {
  const std::string name = "nobodys-name.invalid";
  return holding(all, name, dialect).empty() ? name : "";
}

/// Whether the rule lets its subject look the name up (policy.md 5.6).
bool looks_up(const ir::Rule& rule, const std::string& name, ir::Dialect dialect) {
  return rule.l7 && rule.direction == ir::Direction::Egress && rule.action == ir::Action::Allow &&
         std::any_of(rule.l7->dns.begin(), rule.l7->dns.end(), [&](const ir::NamePattern& pattern) { return ir::name_matches(pattern, name, dialect); });
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
  const std::set<Peer> all = both(before, after), allows = both(before, after, true), mine = own_peers(before, after, own);
  const std::set<Peer>& asked = tiered(before) || tiered(after) ? all : mine;
  std::vector<Resolution> out;
  // Those with a name first: the evaluator is sure of them.
  for (const std::string& name : asked.empty() ? std::vector<std::string>{} : names_of(all, cluster, unknown)) {
    Resolution one{holding(all, name, dialect), name};
    if (std::any_of(one.holding.begin(), one.holding.end(), [&](const Peer& peer) { return asked.contains(peer); })) out.push_back(std::move(one));
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
    unknown = "own rules speak of more than " + std::to_string(kMost) + " names";
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
  const auto waits = [&](const Peer& peer) {
    const auto* fqdn = std::get_if<ir::FqdnPeer>(&peer);
    return resolution.name && fqdn != nullptr && fqdn->needs_lookup;
  };
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
  const ir::PolicySet a = only(before, own.before), b = only(after, own.after);
  // Who may look a name up would be another question in each.
  const auto asks = [](const ir::Rule& rule) { return rule.l7 && !rule.l7->dns.empty(); };
  if (std::any_of(a.rules.begin(), a.rules.end(), asks) || std::any_of(b.rules.begin(), b.rules.end(), asks)) return false;
  const OwnRules left = own_rules(resolved(space, a, resolution, before), resolved(space, b, resolution, after));
  return left.before.empty() && left.after.empty();
}

}  // namespace weir::compiler
