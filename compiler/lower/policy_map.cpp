#include "compiler/lower/policy_map.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <unordered_map>

#include "compiler/lower/selector_index.h"
#include "ir/eval/patterns.h"
#include "ir/policy/map_entry.h"

namespace weir::compiler {
namespace {

using ir::RuleId;

constexpr std::uint32_t kDeny = 255, kAllow = 1;
constexpr std::uint8_t kPortBits = 16;

ir::LabelSet reserved(std::initializer_list<const char*> keys) {
  ir::LabelSet labels;
  for (const char* key : keys) labels.set({"reserved", key, ""});
  return labels;
}

/// policy.md 6.3: a range as the fewest masked ports.
void add_ports(const ir::PortMatch& match, MapKey key, std::vector<MapKey>& into) {
  key.protocol = match.protocol;
  for (const std::uint16_t start : ir::entry_starts(match.ports)) {
    const std::uint32_t width = ir::entry_width(match.ports, start);
    key.port = start;
    key.port_bits = static_cast<std::uint8_t>(kPortBits - std::countr_zero(width));
    into.push_back(key);
  }
}

std::vector<MapKey> ports_of(const ir::Rule& rule) {
  std::vector<MapKey> keys;
  const MapKey any{.egress = rule.direction == ir::Direction::Egress};
  if (!rule.ports) return {any};
  for (const ir::PortMatch& match : *rule.ports) add_ports(match, any, keys);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

/// The next broader key of the same identity; false at the broadest.
bool widen(MapKey& key) {
  if (key.port_bits > 0) {
    --key.port_bits;
    key.port = key.port_bits == 0 ? 0 : static_cast<std::uint16_t>(key.port & (0xffffU << (kPortBits - key.port_bits)));
    return true;
  }
  if (!key.protocol) return false;
  key.protocol.reset();
  return true;
}

struct KeyHash {
  std::size_t operator()(const MapKey& key) const {
    const std::uint64_t rest = std::uint64_t{key.port} << 16 | std::uint64_t{key.port_bits} << 8 |
                               (key.protocol ? static_cast<std::uint64_t>(*key.protocol) : 255U);
    return std::hash<std::uint64_t>()((std::uint64_t{key.identity} << 33 | std::uint64_t{key.egress} << 32 | rest) * 0x9e3779b97f4a7c15U);
  }
};

using Entries = std::unordered_map<MapKey, MapEntry, KeyHash>;

/// mapstate.go, insertWithChanges: a covering key of higher precedence keeps it out, and a deny is kept out by another.
bool keeps_out(const MapEntry& covering, const MapEntry& entry) {
  return covering.precedence > entry.precedence || (entry.deny && covering.precedence == entry.precedence && covering.key != entry.key);
}

bool is_covered(const Entries& entries, const MapEntry& entry) {
  MapKey key = entry.key;
  do {
    for (const std::uint32_t identity : {key.identity, 0U}) {
      MapKey other = key;
      other.identity = identity;
      const auto at = entries.find(other);
      if (at != entries.end() && keeps_out(at->second, entry)) return true;
    }
  } while (widen(key));
  return false;
}

std::vector<MapEntry> pruned(const Entries& entries) {
  std::vector<MapEntry> kept;
  for (const auto& [key, entry] : entries)
    if (!is_covered(entries, entry)) kept.push_back(entry);
  std::sort(kept.begin(), kept.end());
  return kept;
}

void insert(Entries& entries, const MapEntry& entry) {
  const auto [at, fresh] = entries.emplace(entry.key, entry);
  if (!fresh && entry.precedence > at->second.precedence) at->second = entry;
}

}  // namespace

CiliumMaps::CiliumMaps(const ir::PolicySet& policies, const ir::Cluster& cluster)
    : policies_(policies), cluster_(cluster), rules_(policies.rules.size()) {
  std::set<std::pair<ir::Tier, std::int32_t>> levels;
  for (const ir::Rule& rule : policies.rules) levels.emplace(rule.tier, rule.priority);
  levels_.assign(levels.begin(), levels.end());
  add_identities();
  selected_.resize(endpoints_.size());
  std::vector<const ir::Selector*> subjects;
  for (const ir::Rule& rule : policies.rules) subjects.push_back(&rule.subject);
  const SelectorIndex index(std::move(subjects));
  for (std::size_t i = 0; i < endpoints_.size(); ++i)
    for (const std::uint32_t rule : index.matching(*endpoints_[i]))
      if (!policies.rules[rule].subject_is_node) selected_[i].push_back(RuleId{rule});
}

// policy.md 1.7.
void CiliumMaps::add_identities() {
  identities_.push_back({});
  for (const auto& labels : {reserved({"host"}), reserved({"unmanaged"}), reserved({"health"}), reserved({"init"}),
                             reserved({"remote-node"}), reserved({"kube-apiserver", "remote-node"}), reserved({"ingress"})})
    identities_.push_back({labels, std::nullopt});
  first_world_ = static_cast<std::uint32_t>(identities_.size());
  identities_.push_back({world_labels(cluster_.settings, ir::IpFamily::V4), std::nullopt});
  if (cluster_.settings.dual_stack) identities_.push_back({world_labels(cluster_.settings, ir::IpFamily::V6), std::nullopt});
  std::map<ir::LabelSet, const ir::LabelSet*> pods, local;
  for (const ir::Pod& pod : cluster_.pods) {
    if (pod.host_network) continue;
    pods.emplace(pod.labels, &pod.labels);
    if (pod.cluster.empty()) local.emplace(pod.labels, &pod.labels);
  }
  for (const auto& [labels, at] : pods) identities_.push_back({labels, std::nullopt});
  for (const auto& [labels, at] : local) endpoints_.push_back(at);
  add_prefixes();
}

/// Which identities each selector of a peer takes.
void CiliumMaps::index_selectors() {
  for (const ir::Rule& rule : policies_.rules)
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{}))
      if (const auto* selector = std::get_if<ir::SelectorPeer>(&peer)) by_selector_[selector->selector];
  std::vector<const ir::Selector*> selectors;
  std::vector<std::vector<std::uint32_t>*> taken;
  for (auto& [selector, identities] : by_selector_) {
    selectors.push_back(&selector);
    taken.push_back(&identities);
  }
  const SelectorIndex index(std::move(selectors));
  for (std::uint32_t i = 1; i < identities_.size(); ++i)
    for (const std::uint32_t selector : index.matching(identities_[i].labels)) taken[selector]->push_back(i);
}

/// policy.md 1.5: every prefix that a rule names; /0 is the world itself (2.6). Addresses with a name that a rule asks for.
void CiliumMaps::add_prefixes() {
  first_prefix_ = static_cast<std::uint32_t>(identities_.size());
  std::set<ir::IpPrefix> prefixes;
  for (const ir::Rule& rule : policies_.rules)
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{})) {
      if (const auto* cidr = std::get_if<ir::CidrPeer>(&peer)) {
        prefixes.insert(cidr->cidr);
        prefixes.insert(cidr->except.begin(), cidr->except.end());
      } else if (const auto* name = std::get_if<ir::FqdnPeer>(&peer)) {
        for (const auto& [host, addresses] : cluster_.names)
          if (name_matches(name->name, host, cluster_.settings.dialect))
            for (const ir::IpAddress& address : addresses) prefixes.insert({address, static_cast<std::uint8_t>(address.bits())});
      }
    }
  for (const ir::IpPrefix& prefix : prefixes)
    if (prefix.length > 0) identities_.push_back({world_labels(cluster_.settings, prefix.address.family), prefix});
}

std::uint32_t CiliumMaps::precedence(const ir::Rule& rule) const {
  const auto level = std::lower_bound(levels_.begin(), levels_.end(), std::pair(rule.tier, rule.priority)) - levels_.begin();
  const std::uint32_t low = rule.action == ir::Action::Deny ? kDeny : std::max<std::uint32_t>(redirect_precedence(rule), kAllow);
  return static_cast<std::uint32_t>(levels_.size() - static_cast<std::size_t>(level)) << 8 | low;
}

void CiliumMaps::add_cidr(const ir::CidrPeer& peer, std::vector<std::uint32_t>& into) const {
  // policy.md 2.6: /0 is the world itself.
  for (std::uint32_t i = first_world_; peer.cidr.length == 0 && i < identities_.size() && identities_[i].labels.world(); ++i)
    if (!identities_[i].prefix && identities_[i].labels == world_labels(cluster_.settings, peer.cidr.address.family)) into.push_back(i);
  // Prefixes are sorted, so those inside another stand together.
  const auto first = identities_.begin() + first_prefix_;
  const auto before = [](const MapIdentity& one, const ir::IpPrefix& prefix) { return *one.prefix < prefix; };
  for (auto at = std::lower_bound(first, identities_.end(), peer.cidr, before); at != identities_.end() && ir::contains(peer.cidr, *at->prefix); ++at) {
    const bool left_out = std::any_of(peer.except.begin(), peer.except.end(), [&](const auto& except) { return ir::contains(except, *at->prefix); });
    if (!left_out) into.push_back(static_cast<std::uint32_t>(at - identities_.begin()));
  }
}

void CiliumMaps::add_names(const ir::FqdnPeer& peer, std::vector<std::uint32_t>& into) const {
  for (const auto& [host, addresses] : cluster_.names) {
    if (!name_matches(peer.name, host, cluster_.settings.dialect)) continue;
    for (std::uint32_t i = first_prefix_; i < identities_.size(); ++i) {
      const ir::IpPrefix& prefix = *identities_[i].prefix;
      const bool whole = prefix.length == prefix.address.bits();
      if (whole && std::find(addresses.begin(), addresses.end(), prefix.address) != addresses.end()) into.push_back(i);
    }
  }
}

void CiliumMaps::add_peer(const ir::Peer& peer, std::vector<std::uint32_t>& into) const {
  if (const auto* selector = std::get_if<ir::SelectorPeer>(&peer)) {
    const std::vector<std::uint32_t>& taken = by_selector_.at(selector->selector);
    // The entity `all` is one entry for every peer.
    if (selector->selector.everything()) into.push_back(0);
    else into.insert(into.end(), taken.begin(), taken.end());
  } else if (const auto* cidr = std::get_if<ir::CidrPeer>(&peer)) {
    add_cidr(*cidr, into);
  } else if (const auto* name = std::get_if<ir::FqdnPeer>(&peer)) {
    add_names(*name, into);
  }
}

std::vector<std::uint32_t> CiliumMaps::matched(const ir::Rule& rule) const {
  if (!rule.peers) return {0};
  std::vector<std::uint32_t> all;
  for (const ir::Peer& peer : *rule.peers) add_peer(peer, all);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

const CiliumMaps::RuleEntries& CiliumMaps::of_rule(RuleId id) {
  std::optional<RuleEntries>& made = rules_[id.index];
  if (by_selector_.empty()) index_selectors();
  if (!made) made = RuleEntries{matched(policies_.rule(id)), ports_of(policies_.rule(id))};
  return *made;
}

std::uint64_t CiliumMaps::at_most(std::size_t endpoint) {
  std::uint64_t sum = 3;  // the defaults
  for (const RuleId id : selected_[endpoint]) {
    if (policies_.rule(id).action == ir::Action::Pass) continue;
    const RuleEntries& rule = of_rule(id);
    sum += std::uint64_t{rule.identities.size()} * rule.ports.size();
  }
  return sum;
}

/// A direction that nothing isolates lets everything pass (policy.md 4.2); the node reaches its pods. Since 1.20 after every
/// rule (4.3), before that beside them.
std::vector<MapEntry> CiliumMaps::defaults(std::size_t endpoint) const {
  std::vector<MapEntry> entries;
  const bool last = cluster_.settings.dialect == ir::Dialect::Cilium120;
  const std::uint32_t level = last ? kAllow : precedence(ir::Rule{});
  const ir::Enforcement mode = cluster_.settings.enforcement;
  for (const bool egress : {false, true}) {
    const bool isolated = std::any_of(selected_[endpoint].begin(), selected_[endpoint].end(), [&](RuleId id) {
      const ir::Rule& rule = policies_.rule(id);
      return (rule.direction == ir::Direction::Egress) == egress && rule.default_deny;
    });
    if (mode == ir::Enforcement::Never || (mode == ir::Enforcement::Default && !isolated)) entries.push_back({{.egress = egress}, level, false, {}});
  }
  if (cluster_.settings.allow_localhost && mode != ir::Enforcement::Never) entries.push_back({{.identity = 1}, level, false, {}});
  return entries;
}

std::vector<MapEntry> CiliumMaps::entries(std::size_t endpoint) {
  Entries all;
  for (const MapEntry& entry : defaults(endpoint)) insert(all, entry);
  if (cluster_.settings.enforcement == ir::Enforcement::Never) return pruned(all);
  for (const RuleId id : selected_[endpoint]) {
    const ir::Rule& rule = policies_.rule(id);
    if (rule.action == ir::Action::Pass || rule.audit) continue;
    const RuleEntries& made = of_rule(id);
    MapEntry entry{{}, precedence(rule), rule.action == ir::Action::Deny, id};
    for (const std::uint32_t identity : made.identities)
      for (entry.key = MapKey{}; const MapKey& key : made.ports) {
        entry.key = key;
        entry.key.identity = identity;
        insert(all, entry);
      }
  }
  return pruned(all);
}

std::vector<std::string> CiliumMaps::left_out() const {
  std::set<std::string> notes;
  if (cluster_.settings.cidr_match_nodes || cluster_.settings.cidr_match_pods) notes.insert("pods and nodes that a CIDR matches by `cidr_match_mode`");
  for (const ir::Rule& rule : policies_.rules) {
    if (rule.action == ir::Action::Pass) notes.insert("entries that a pass lifts out of a later tier");
    if (rule.auth != ir::Auth::Unset) notes.insert("entries that authentication keeps apart");
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{})) {
      if (std::holds_alternative<ir::FqdnPeer>(peer)) notes.insert("addresses that DNS gives and no input names");
      if (std::holds_alternative<ir::UnresolvedPeer>(peer)) notes.insert("what only a cloud provider can resolve");
    }
  }
  return {notes.begin(), notes.end()};
}

std::string to_text(const MapKey& key, const CiliumMaps& maps) {
  std::string text = key.egress ? "egress " : "ingress ";
  const MapIdentity& identity = maps.identities()[key.identity];
  text += key.identity == 0 ? "any" : identity.prefix ? to_text(*identity.prefix) : to_text(identity.labels);
  if (!key.protocol) return text;
  text += " " + std::string(to_text(*key.protocol));
  if (key.port_bits > 0) text += "/" + std::to_string(key.port);
  if (key.port_bits > 0 && key.port_bits < kPortBits) text += "/" + std::to_string(key.port_bits);
  return text;
}

}  // namespace weir::compiler
