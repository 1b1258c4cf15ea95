// Requests: policy.md section 5 and 4.2a, one side at a time. A rule whose peer and ports match but whose request rules do
// not gives no verdict; the walk goes on.
#include "ir/eval/l7.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

#include "ir/eval/patterns.h"
#include "ir/eval/side.h"

namespace weir::ir {
namespace {

enum class Part : std::uint8_t { Http, Tls };

/// Whether one rule admits the request: Yes, No, or Maybe when something decides that weir cannot see.
using Admits = std::function<Match(RuleId)>;

Match any(Match a, Match b) { return a == Match::Yes || b == Match::Yes ? Match::Yes : std::max(a, b); }

/// The peers and port ranges by which a rule matches this connection: what Cilium merges port rules by (policy.md 3.13).
/// No peer at all is Cilium's wildcard selector.
using MergeKey = std::pair<Peer, std::optional<PortMatch>>;

std::set<MergeKey> merge_keys(const Side& side, const Rule& rule) {
  std::vector<Peer> peers;
  for (const Peer& peer : rule.peers.value_or(std::vector<Peer>{SelectorPeer{}}))
    if (match(side, peer) == Match::Yes) peers.push_back(peer);
  std::vector<std::optional<PortMatch>> ports;
  if (!rule.ports) ports.emplace_back();
  for (const PortMatch& port : rule.ports.value_or(std::vector<PortMatch>{}))
    if (port.protocol == side.flow.protocol && port.ports.contains(side.flow.port)) ports.emplace_back(port);
  std::set<MergeKey> keys;
  for (const auto& peer : peers)
    for (const auto& port : ports) keys.emplace(peer, port);
  return keys;
}

bool has_server_names(const Rule& rule) { return rule.l7 && !rule.l7->server_names.empty(); }

// policy.md 5.3: beside an SNI rule on the very same selector and port a plain allow does not lift the requirement.
bool is_bound_by_server_names(const Side& side, const Rule& plain, const std::vector<RuleId>& allows) {
  std::set<MergeKey> bound;
  for (const RuleId id : allows)
    if (has_server_names(side.policies.rule(id))) bound.merge(merge_keys(side, side.policies.rule(id)));
  const std::set<MergeKey> keys = merge_keys(side, plain);
  return std::all_of(keys.begin(), keys.end(), [&](const MergeKey& key) { return bound.contains(key); });
}

Match admits_http(const Side& side, const Rule& rule) {
  const HttpRequest& request = *side.flow.request->http;
  const auto matches = [&](const HttpMatch& match) { return http_matches(match, request, side.cluster); };
  return rule.l7->http.empty() || std::any_of(rule.l7->http.begin(), rule.l7->http.end(), matches) ? Match::Yes : Match::No;
}

// policy.md 5.3: no name, no match.
Match admits_tls(const Side& side, const Rule& rule) {
  const std::string& sni = side.flow.request->sni.value_or("");
  const auto matches = [&](const std::string& pattern) { return server_name_matches(pattern, sni); };
  const auto& names = rule.l7->server_names;
  if (!names.empty() && std::none_of(names.begin(), names.end(), matches)) return Match::No;
  // An HTTP parser cannot read TLS that nobody has opened.
  const bool opaque = !rule.l7->http.empty() && !rule.l7->terminates_tls && !side.flow.request->http;
  return opaque ? Match::No : Match::Yes;
}

/// One allow at the level that is walked; `allows` are all of that level.
Match admits(const Side& side, const std::vector<RuleId>& allows, RuleId id) {
  const Rule& rule = side.policies.rule(id);
  if (!rule.l7) {
    return is_bound_by_server_names(side, rule, allows) ? Match::No : Match::Yes;
  }
  if (!rule.l7->listener.empty() || !rule.l7->parser.empty()) return Match::Maybe;
  const bool tls = side.flow.request->sni.has_value() || !rule.l7->server_names.empty();
  if (tls && admits_tls(side, rule) == Match::No) return Match::No;
  return side.flow.request->http ? admits_http(side, rule) : Match::Yes;
}

/// The answer of one side, and whether a request rule had a say in it.
struct SideAnswer {
  Verdict verdict = Verdict::Allowed;
  bool spoken = false;
  std::vector<RuleId> decided_by;
};

bool has_l7(const Side& side, RuleId id) { return side.policies.rule(id).l7.has_value(); }

struct Level {
  std::vector<RuleId> deny, allow;
  bool pass = false;
  Tier tier = Tier::Normal;
};

Level next_level(const Side& side, std::size_t& at) {
  const Rule& first = side.policies.rule(side.selected[at]);
  Level level{.deny = {}, .allow = {}, .pass = false, .tier = first.tier};
  for (; at < side.selected.size(); ++at) {
    const RuleId id = side.selected[at];
    const Rule& rule = side.policies.rule(id);
    if (std::tie(rule.tier, rule.priority) != std::tie(first.tier, first.priority)) break;
    if (match(side, rule) != Match::Yes) continue;
    if (rule.action == Action::Deny) level.deny.push_back(id);
    if (rule.action == Action::Allow) level.allow.push_back(id);
    level.pass = level.pass || rule.action == Action::Pass;
  }
  return level;
}

/// Of one level: Yes or Maybe with the rules that say so.
Match ask_level(const Side& side, const Level& level, SideAnswer& answer) {
  Match best = Match::No;
  for (const RuleId id : level.allow) best = any(best, admits(side, level.allow, id));
  for (const RuleId id : level.allow) {
    answer.spoken = answer.spoken || has_l7(side, id);
    if (best != Match::No && admits(side, level.allow, id) == best) answer.decided_by.push_back(id);
  }
  return best;
}

// policy.md 4.2a
SideAnswer ask_proxy(const Side& side) {
  SideAnswer answer;
  std::vector<RuleId> refused;  // request rules that did not match
  std::optional<Tier> skip;
  for (std::size_t at = 0; at < side.selected.size();) {
    const Level level = next_level(side, at);
    if (skip == level.tier) continue;
    const bool baseline = level.tier == Tier::Baseline;
    if (baseline && (!baseline_counts(side) || (answer.spoken && !side.settings().derived_proxy_sees_baseline))) break;
    if (!level.deny.empty()) return {Verdict::Denied, true, level.deny};
    if (const Match found = ask_level(side, level, answer); found != Match::No) {
      answer.verdict = found == Match::Yes ? Verdict::Allowed : Verdict::Unknown;
      return answer;
    }
    refused.insert(refused.end(), level.allow.begin(), level.allow.end());
    if (level.pass) skip = level.tier;
  }
  // PR 38841: without a default deny a wildcard is appended to the request rules.
  if (!side.default_deny() || localhost_is_let_in(side)) return answer;
  answer.verdict = Verdict::Denied;
  answer.decided_by = std::move(refused);
  return answer;
}

std::uint32_t width(const PortMatch& match) { return std::uint32_t{match.ports.last} - match.ports.first + 1; }

/// The narrowest port range with DNS rules that holds the connection: the redirect that wins (policy.md 6.4).
std::optional<PortMatch> dns_filter(const Side& side, const std::vector<RuleId>& allows) {
  std::optional<PortMatch> best;
  for (const RuleId id : allows) {
    const Rule& rule = side.policies.rule(id);
    if (!rule.l7 || rule.l7->dns.empty() || !rule.ports) continue;
    for (const PortMatch& port : *rule.ports)
      if (port.protocol == side.flow.protocol && port.ports.contains(side.flow.port) && (!best || width(port) < width(*best)))
        best = port;
  }
  return best;
}

// policy.md 5.4: only the rules of the very same port and protocol are asked.
bool in_filter(const Rule& rule, const PortMatch& filter) {
  return rule.ports && std::find(rule.ports->begin(), rule.ports->end(), filter) != rule.ports->end();
}

/// Every allow of the first level that has one: the level that decided the connection.
std::vector<RuleId> winning_allows(const Side& side) {
  std::optional<Tier> skip;
  for (std::size_t at = 0; at < side.selected.size();) {
    const Level level = next_level(side, at);
    if (skip == level.tier) continue;
    if (!level.deny.empty() || !level.allow.empty()) return level.allow;
    if (level.pass) skip = level.tier;
  }
  return {};
}

// policy.md 5.4
SideAnswer ask_dns(const Side& side) {
  const std::vector<RuleId> allows = winning_allows(side);
  const auto filter = dns_filter(side, allows);
  if (!filter) return {};
  SideAnswer answer{Verdict::Denied, true, {}};
  std::vector<RuleId> refused;
  for (const RuleId id : allows) {
    const Rule& rule = side.policies.rule(id);
    const bool plain = !rule.l7 || rule.l7->dns.empty();
    // derived: an allow of every port does not lift the DNS rules.
    if (!in_filter(rule, *filter) && (!plain || side.settings().derived_l3_allow_keeps_dns_rules)) continue;
    const bool names_it = plain || std::any_of(rule.l7->dns.begin(), rule.l7->dns.end(), [&](const NamePattern& pattern) {
      return name_matches(pattern, *side.flow.request->dns, side.settings().dialect);
    });
    (names_it ? answer.decided_by : refused).push_back(id);
  }
  if (!answer.decided_by.empty() || !side.default_deny()) {
    answer.verdict = Verdict::Allowed;
    return answer;
  }
  answer.decided_by = std::move(refused);
  return answer;
}

int rank(const SideAnswer& answer) {
  if (answer.verdict == Verdict::Denied) return 3;
  if (answer.verdict == Verdict::Unknown) return 2;
  return answer.spoken ? 1 : 0;
}

SideAnswer ask_side(const PolicySet& policies, const Cluster& cluster, const Flow& flow, Direction direction) {
  if (!is_managed(cluster.settings, direction == Direction::Egress ? flow.source : flow.destination) ||
      cluster.settings.enforcement == Enforcement::Never)
    return {};
  // policy.md 5.7: audit mode does not cover requests; weir's own audit of a policy leaves all of its rules out.
  const Side side = side_of(policies, cluster, flow, direction, false);
  if (side.selected.empty()) return {};
  if (flow.request->dns) return direction == Direction::Egress ? ask_dns(side) : SideAnswer{};
  return ask_proxy(side);
}

L7Decision decision_of(const Flow& flow, Direction direction, SideAnswer answer) {
  return {answer.verdict, flow.request->dns ? "dns" : flow.request->http ? "http" : "tls", direction, std::move(answer.decided_by)};
}

}  // namespace

std::optional<L7Decision> decide_request(const PolicySet& policies, const Cluster& cluster, const Flow& flow) {
  std::optional<L7Decision> out;
  int best = 0;
  for (const Direction direction : {Direction::Egress, Direction::Ingress}) {
    SideAnswer answer = ask_side(policies, cluster, flow, direction);
    if (rank(answer) <= best) continue;
    best = rank(answer);
    out = decision_of(flow, direction, std::move(answer));
  }
  return out;
}

std::optional<L7Decision> decide_request(const PolicySet& policies, const Cluster& cluster, const Flow& flow, Direction direction) {
  SideAnswer answer = ask_side(policies, cluster, flow, direction);
  if (rank(answer) == 0) return std::nullopt;
  return decision_of(flow, direction, std::move(answer));
}

}  // namespace weir::ir
