#include <algorithm>
#include <map>

#include "compiler/lower/index_some.h"
#include "compiler/lower/lower.h"
#include "ir/policy/map_entry.h"

namespace weir::compiler {
namespace {

bool is_everyone(const ir::Peer& peer) {
  const auto* selector = std::get_if<ir::SelectorPeer>(&peer);
  return selector != nullptr && selector->selector.everything();
}

/// Gives equal peers one bit.
class Bits {
 public:
  explicit Bits(std::vector<ir::Peer>& matchers) : matchers_(matchers) {}
  std::uint32_t of(const ir::Peer& peer) {
    const auto [at, added] = numbers_.emplace(peer, static_cast<std::uint32_t>(matchers_.size()));
    if (added) matchers_.push_back(peer);
    return at->second;
  }

 private:
  std::vector<ir::Peer>& matchers_;
  std::map<ir::Peer, std::uint32_t> numbers_;
};

void add_peer(const ir::Peer& peer, Bits& bits, ir::IndexedRule& into) {
  if (const auto* name = std::get_if<ir::FqdnPeer>(&peer))
    into.names.push_back(*name);
  else if (std::holds_alternative<ir::UnresolvedPeer>(peer))
    into.unresolved = true;
  else
    into.matchers.push_back(bits.of(peer));
}

ir::IndexedRule indexed(const ir::Rule& rule, ir::RuleId id, Bits& bits) {
  ir::IndexedRule result;
  result.rule = id;
  result.action = rule.action;
  // policy.md 3.6: an absent peer list is everybody, an empty one nobody; the entity `all` is everybody too.
  result.any_peer = !rule.peers || std::any_of(rule.peers->begin(), rule.peers->end(), is_everyone);
  if (!result.any_peer)
    for (const ir::Peer& peer : *rule.peers) add_peer(peer, bits, result);
  std::sort(result.matchers.begin(), result.matchers.end());
  result.matchers.erase(std::unique(result.matchers.begin(), result.matchers.end()), result.matchers.end());
  result.auth = rule.auth;
  result.conflict = rule.conflict;
  result.l7 = rule.l7.has_value();
  result.precedence = ir::redirect_precedence(rule);
  result.any_port = !rule.ports;
  if (rule.ports) result.ports = *rule.ports;
  return result;
}

}  // namespace

ir::RuleIndex index_some(const ir::PolicySet& policies, const ir::Settings& settings,
                         const std::vector<ir::RuleId>& ids) {
  ir::RuleIndex index;
  index.settings = settings;
  Bits bits(index.matchers);
  for (const ir::RuleId id : ids) {
    const ir::Rule& rule = policies.rule(id);
    const bool looks_up = rule.l7 && rule.action == ir::Action::Allow && rule.direction == ir::Direction::Egress;
    index.rules.push_back({rule.subject, rule.direction, rule.tier, rule.priority, rule.default_deny, rule.subject_is_node,
                           rule.audit, looks_up ? rule.l7->dns : std::vector<ir::NamePattern>{}, indexed(rule, id, bits)});
  }
  return index;
}

ir::RuleIndex index_rules(const ir::PolicySet& policies, const ir::Cluster& cluster) {
  std::vector<ir::RuleId> all(policies.rules.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = ir::RuleId{i};
  return index_some(policies, cluster.settings, all);
}

}  // namespace weir::compiler
