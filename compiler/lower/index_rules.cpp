#include <algorithm>
#include <map>

#include "compiler/lower/index_some.h"
#include "compiler/lower/lower.h"

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

ir::IndexedRule indexed(const ir::Rule& rule, ir::RuleId id, Bits& bits) {
  ir::IndexedRule result;
  result.rule = id;
  result.action = rule.action;
  // policy.md 3.6: an absent peer list is everybody, an empty one nobody; the entity `all` is everybody too.
  result.any_peer = !rule.peers || std::any_of(rule.peers->begin(), rule.peers->end(), is_everyone);
  if (!result.any_peer)
    for (const ir::Peer& peer : *rule.peers) result.matchers.push_back(bits.of(peer));
  std::sort(result.matchers.begin(), result.matchers.end());
  result.matchers.erase(std::unique(result.matchers.begin(), result.matchers.end()), result.matchers.end());
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
    // policy.md 2.5: a rule on nodes never applies to pods, and weir does not enforce on nodes yet.
    if (rule.subject_is_node) continue;
    index.rules.push_back(
        {rule.subject, rule.direction, rule.tier, rule.priority, rule.default_deny, indexed(rule, id, bits)});
  }
  return index;
}

ir::RuleIndex index_rules(const ir::PolicySet& policies, const ir::Cluster& cluster) {
  std::vector<ir::RuleId> all(policies.rules.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = ir::RuleId{i};
  return index_some(policies, cluster.settings, all);
}

}  // namespace weir::compiler
