#include "compiler/resolve/conflicts.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "ir/base/code.h"
#include "ir/flow/endpoint.h"

namespace weir::compiler {
namespace {

using ir::Rule;

/// What Cilium merges port rules by.
/// No peer at all is the wildcard selector.
using Key = std::tuple<ir::Direction, ir::Peer, std::optional<ir::PortMatch>>;

std::vector<Key> keys_of(const Rule& rule) {
  const std::vector<ir::Peer> peers = rule.peers.value_or(std::vector<ir::Peer>{ir::SelectorPeer{}});
  std::vector<std::optional<ir::PortMatch>> ports;
  if (!rule.ports) ports.emplace_back();
  if (rule.ports) ports.assign(rule.ports->begin(), rule.ports->end());
  std::vector<Key> keys;
  for (const auto& peer : peers)
    for (const auto& port : ports) keys.emplace_back(rule.direction, peer, port);
  return keys;
}

std::string_view parser_of(const ir::L7Rules& rules) {
  if (!rules.http.empty()) return "http";
  if (!rules.dns.empty()) return "dns";
  return rules.parser;
}

/// Why the two cannot stand together; empty when they can.
std::string conflict(const Rule& a, const Rule& b) {
  if (a.auth != ir::Auth::Unset && b.auth != ir::Auth::Unset && a.auth != b.auth) return "different authentication modes";
  if (!a.l7 || !b.l7) return "";
  const std::string_view first = parser_of(*a.l7), second = parser_of(*b.l7);
  if (!first.empty() && !second.empty() && first != second) return "rules for " + std::string(first) + " and for " + std::string(second);
  if (!a.l7->listener.empty() && !b.l7->listener.empty() && a.l7->listener != b.l7->listener &&
      a.l7->listener_priority == b.l7->listener_priority)
    return "different listeners of one priority";
  const auto differ = [](const std::string& x, const std::string& y) { return !x.empty() && !y.empty() && x != y; };
  if (differ(a.l7->terminating_secret, b.l7->terminating_secret) || differ(a.l7->originating_secret, b.l7->originating_secret))
    return "different TLS Secrets";
  const bool requests = !first.empty() || !second.empty();
  const bool names = !a.l7->server_names.empty() || !b.l7->server_names.empty();
  if (requests && names && !a.l7->terminates_tls && !b.l7->terminates_tls) return "rules about requests and server names without TLS termination";
  return "";
}

/// All of a rule that `conflict` looks at: rules that ask alike never conflict.
using Ask = std::tuple<ir::Auth, bool, std::string, std::string, std::uint8_t, bool, std::string, std::string>;

Ask ask_of(const Rule& rule) {
  const ir::L7Rules l7 = rule.l7.value_or(ir::L7Rules{});
  return {rule.auth, rule.l7.has_value(), std::string(parser_of(l7)), l7.listener, l7.listener_priority,
          !l7.server_names.empty(), l7.terminating_secret, l7.originating_secret};
}

bool subjects_overlap(const Rule& a, const Rule& b, const ir::Cluster& cluster) {
  if (a.subject_is_node != b.subject_is_node) return false;
  if (a.subject == b.subject) return true;
  if (a.subject_is_node)
    return std::any_of(cluster.nodes.begin(), cluster.nodes.end(), [&](const ir::Node& node) {
      const ir::LabelSet labels = ir::node_endpoint(cluster, node.name).host_labels;
      return ir::matches(a.subject, labels) && ir::matches(b.subject, labels);
    });
  return std::any_of(cluster.pods.begin(), cluster.pods.end(), [&](const ir::Pod& pod) {
    return !pod.host_network && ir::matches(a.subject, pod.labels) && ir::matches(b.subject, pod.labels);
  });
}

void report(const Rule& a, const Rule& b, const std::string& why, ir::Diagnostics& diagnostics) {
  diagnostics.report({.kind = ir::Code::PolicyConflict, .primary = b.origin,
                      .detail = why + " for the same peer and port: Cilium cannot compute the policy and keeps the old one",
                      .labels = {{a.origin, "the other rule"}}, .notes = {}, .fix = "give both rules the same, or different ports",
                      .witness = {}});
}

void mark(Rule& rule, const std::string& why) {
  rule.conflict = true;
  const std::string assumption = "conflict: " + why;
  const auto at = std::lower_bound(rule.assumptions.begin(), rule.assumptions.end(), assumption);
  if (at == rule.assumptions.end() || *at != assumption) rule.assumptions.insert(at, assumption);
}

}  // namespace

bool may_conflict(const Rule& rule) {
  return rule.action == ir::Action::Allow && (rule.l7 || rule.auth != ir::Auth::Unset) && (!rule.ports || !rule.ports->empty());
}

void mark_conflicts(ir::PolicySet& policies, const ir::Cluster& cluster, ir::Diagnostics& diagnostics) {
  std::map<Key, std::map<Ask, std::vector<std::size_t>>> by_key;
  for (std::size_t i = 0; i < policies.rules.size(); ++i)
    if (may_conflict(policies.rules[i]))
      for (const Key& key : keys_of(policies.rules[i])) by_key[key][ask_of(policies.rules[i])].push_back(i);
  std::set<std::pair<std::size_t, std::size_t>> pairs;
  for (const auto& [key, asks] : by_key)
    for (auto one = asks.begin(); one != asks.end(); ++one)
      for (auto two = std::next(one); two != asks.end(); ++two) {
        if (conflict(policies.rules[one->second.front()], policies.rules[two->second.front()]).empty()) continue;
        for (const std::size_t a : one->second)
          for (const std::size_t b : two->second) pairs.insert(std::minmax(a, b));
      }
  for (const auto& [first, second] : pairs) {
    Rule &a = policies.rules[first], &b = policies.rules[second];
    if (!subjects_overlap(a, b, cluster)) continue;
    const std::string why = conflict(a, b);
    mark(a, why);
    mark(b, why);
    report(a, b, why, diagnostics);
  }
}

}  // namespace weir::compiler
