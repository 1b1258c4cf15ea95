#include "compiler/lower/requests.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "ir/eval/eval.h"
#include "ir/eval/l7.h"
#include "ir/eval/side.h"
#include "ir/tables/name_match.h"

// policy.md section 5 and 4.2a over the rule index.
namespace weir::compiler {
namespace {

using ir::IndexedRule;
using ir::RuleId;

enum class Admit : std::uint8_t { No, Yes, Maybe };

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// One HTTP rule; a null expression is not looked at.
struct CompiledHttp {
  const RE2 *path = nullptr, *method = nullptr, *host = nullptr;
  struct Header {
    std::string name;                  // lower case
    std::optional<std::string> value;  // absent: presence
    bool never = false;                // asks for a Secret that is not there
  };
  std::vector<Header> headers;
};

bool matches(const RE2* expression, const std::string& text) {
  return expression == nullptr || (expression->ok() && RE2::FullMatch(text, *expression));
}

bool matches(const CompiledHttp::Header& header, const ir::HttpRequest& request) {
  return !header.never && std::any_of(request.headers.begin(), request.headers.end(), [&](const auto& sent) {
    return lower(sent.first) == header.name && (!header.value || sent.second == *header.value);
  });
}

bool matches(const CompiledHttp& http, const ir::HttpRequest& request) {
  return matches(http.path, request.path) && matches(http.method, request.method) && matches(http.host, request.host) &&
         std::all_of(http.headers.begin(), http.headers.end(), [&](const auto& header) { return matches(header, request); });
}

/// What the walk of one side says.
struct Answer {
  ir::Verdict verdict = ir::Verdict::Allowed;
  bool spoken = false;
  std::vector<RuleId> decided_by;
};

int rank(const Answer& answer) {
  if (answer.verdict == ir::Verdict::Allowed) return answer.spoken ? 1 : 0;
  return answer.verdict == ir::Verdict::Denied ? 3 : 2;
}

/// One side of a flow with its list.
struct Question {
  const ir::RuleIndex& index;
  const ir::RuleList& list;
  const ir::Flow& flow;
  ir::LabelSet peer_labels;
  std::optional<ir::IpAddress> peer_address;
  std::vector<ir::MatchedLevel> levels;
  bool localhost = false;
  const ir::PeerNames& names;
};

// policy.md 5.6
bool matches_names(const Question& question, const ir::FqdnPeer& peer) {
  const ir::Dialect dialect = question.index.settings.dialect;
  return question.names.outside && std::any_of(question.names.names.begin(), question.names.names.end(), [&](const std::string& name) {
    const auto looks_up = [&](const ir::NamePattern& pattern) { return ir::matches_name(pattern, name, dialect); };
    const auto& lookups = question.list.lookups;
    return ir::matches_name(peer.name, name, dialect) && (!peer.needs_lookup || std::any_of(lookups.begin(), lookups.end(), looks_up));
  });
}

bool matches_peer(const Question& question, const ir::Peer& peer) {
  if (const auto* name = std::get_if<ir::FqdnPeer>(&peer)) return matches_names(question, *name);
  return ir::peer_matches(question.index.settings, peer, question.peer_labels, question.peer_address);
}

std::vector<RuleId> ids(const std::vector<const IndexedRule*>& rules) {
  std::vector<RuleId> out;
  for (const IndexedRule* rule : rules) out.push_back(rule->rule);
  return out;
}

std::uint32_t width(const ir::PortMatch& match) { return std::uint32_t{match.ports.last} - match.ports.first + 1; }

bool holds(const ir::PortMatch& match, const ir::Flow& flow) { return match.protocol == flow.protocol && match.ports.contains(flow.port); }

}  // namespace

struct RequestTable::State {
  State(const ir::PolicySet& policies_, const ir::Cluster& cluster_) : policies(policies_), cluster(cluster_) {
    for (std::uint32_t i = 0; i < policies.rules.size(); ++i)
      if (const auto& l7 = policies.rules[i].l7)
        for (const ir::HttpMatch& match : l7->http) http[i].push_back(compile(match));
  }

  const RE2* expression(const std::string& text) {
    if (text.empty()) return nullptr;
    const auto [at, added] = expressions.try_emplace(text);
    if (added) at->second = std::make_unique<RE2>(text, RE2::Quiet);
    return at->second.get();
  }

  CompiledHttp compile(const ir::HttpMatch& match) {
    CompiledHttp out{expression(match.path), expression(match.method), expression(match.host), {}};
    for (const ir::HeaderMatch& header : match.headers) {
      if (header.mismatch != ir::Mismatch::Fail) continue;
      CompiledHttp::Header compiled{lower(header.name), header.value, false};
      if (header.secret && !header.value) {
        const auto secret = cluster.secrets.find(*header.secret);
        compiled.never = secret == cluster.secrets.end();
        if (!compiled.never) compiled.value = secret->second;
      }
      out.headers.push_back(std::move(compiled));
    }
    return out;
  }

  [[nodiscard]] bool any_http(RuleId id, const ir::HttpRequest& request) const {
    const auto found = http.find(id.index);
    return found == http.end() || std::any_of(found->second.begin(), found->second.end(), [&](const CompiledHttp& one) { return matches(one, request); });
  }

  /// The places by which Cilium merges port rules (policy.md 3.13): every peer and port of the rule that match.
  [[nodiscard]] std::vector<std::pair<ir::Peer, ir::PortMatch>> places(const Question& question, RuleId id) const {
    const ir::Rule& rule = policies.rule(id);
    std::vector<ir::Peer> peers;
    for (const ir::Peer& peer : rule.peers.value_or(std::vector<ir::Peer>{ir::SelectorPeer{}}))
      if (matches_peer(question, peer)) peers.push_back(peer);
    std::vector<std::pair<ir::Peer, ir::PortMatch>> out;
    // Protocol 255 stands for a rule without ports.
    for (const ir::PortMatch& port : rule.ports.value_or(std::vector<ir::PortMatch>{{ir::Protocol{255}, {}}}))
      if (!rule.ports || holds(port, question.flow))
        for (const ir::Peer& peer : peers) out.emplace_back(peer, port);
    return out;
  }

  // policy.md 5.3: an SNI rule at the very same place binds a plain allow.
  [[nodiscard]] bool bound(const Question& question, const ir::MatchedLevel& level, RuleId plain) const {
    std::vector<std::pair<ir::Peer, ir::PortMatch>> named;
    for (const IndexedRule* rule : level.allow)
      if (const auto& l7 = policies.rule(rule->rule).l7; l7 && !l7->server_names.empty())
        for (auto& place : places(question, rule->rule)) named.push_back(std::move(place));
    const auto own = places(question, plain);
    return std::all_of(own.begin(), own.end(), [&](const auto& place) { return std::find(named.begin(), named.end(), place) != named.end(); });
  }

  [[nodiscard]] Admit admits(const Question& question, const ir::MatchedLevel& level, RuleId id) const {
    const auto& l7 = policies.rule(id).l7;
    const ir::L7Request& request = *question.flow.request;
    if (!l7) return bound(question, level, id) ? Admit::No : Admit::Yes;
    if (!l7->listener.empty() || !l7->parser.empty()) return Admit::Maybe;
    const std::string sni = request.sni.value_or("");
    const auto names_it = [&](const std::string& pattern) { return ir::matches_server_name(pattern, sni); };
    if (!l7->server_names.empty() && std::none_of(l7->server_names.begin(), l7->server_names.end(), names_it)) return Admit::No;
    if (request.http) return any_http(id, *request.http) ? Admit::Yes : Admit::No;
    const bool tls = request.sni.has_value() || !l7->server_names.empty();
    return tls && !l7->http.empty() && !l7->terminates_tls ? Admit::No : Admit::Yes;
  }

  [[nodiscard]] Answer ask_proxy(const Question& question) const {
    Answer answer;
    std::vector<RuleId> refused;
    std::optional<ir::Tier> passed;
    const ir::Settings& settings = question.index.settings;
    for (const ir::MatchedLevel& level : question.levels) {
      if (passed == level.tier) continue;
      if (level.tier == ir::Tier::Baseline &&
          ((question.list.default_deny && !settings.derived_baseline_before_default_deny) || (answer.spoken && !settings.derived_proxy_sees_baseline)))
        break;
      if (!level.deny.empty()) return {ir::Verdict::Denied, true, ids(level.deny)};
      std::vector<RuleId> by[3];
      for (const IndexedRule* rule : level.allow) {
        by[static_cast<std::size_t>(admits(question, level, rule->rule))].push_back(rule->rule);
        answer.spoken = answer.spoken || rule->l7;
      }
      for (const Admit how : {Admit::Yes, Admit::Maybe})
        if (auto& rules = by[static_cast<std::size_t>(how)]; !rules.empty()) {
          answer.verdict = how == Admit::Yes ? ir::Verdict::Allowed : ir::Verdict::Unknown;
          answer.decided_by = std::move(rules);
          return answer;
        }
      refused.insert(refused.end(), by[0].begin(), by[0].end());
      if (level.pass) passed = level.tier;
    }
    if (!question.list.default_deny || question.localhost) return answer;
    answer.verdict = ir::Verdict::Denied;
    answer.decided_by = std::move(refused);
    return answer;
  }

  /// The allows of the level that decides the connection.
  [[nodiscard]] static std::vector<const IndexedRule*> winning(const Question& question) {
    std::optional<ir::Tier> passed;
    for (const ir::MatchedLevel& level : question.levels) {
      if (passed == level.tier) continue;
      if (!level.deny.empty() || !level.allow.empty()) return level.allow;
      if (level.pass) passed = level.tier;
    }
    return {};
  }

  // policy.md 5.4
  [[nodiscard]] Answer ask_dns(const Question& question) const {
    const auto allows = winning(question);
    const ir::PortMatch* filter = nullptr;
    for (const IndexedRule* rule : allows)
      if (const auto& l7 = policies.rule(rule->rule).l7; l7 && !l7->dns.empty())
        for (const ir::PortMatch& port : rule->ports)
          if (holds(port, question.flow) && (filter == nullptr || width(port) < width(*filter))) filter = &port;
    if (filter == nullptr) return {};
    Answer answer{ir::Verdict::Allowed, true, {}};
    std::vector<RuleId> refused;
    for (const IndexedRule* rule : allows) {
      const auto& l7 = policies.rule(rule->rule).l7;
      const bool plain = !l7 || l7->dns.empty();
      const bool here = !rule->any_port && std::find(rule->ports.begin(), rule->ports.end(), *filter) != rule->ports.end();
      if (!here && (!plain || question.index.settings.derived_l3_allow_keeps_dns_rules)) continue;
      const bool yes = plain || std::any_of(l7->dns.begin(), l7->dns.end(), [&](const ir::NamePattern& pattern) {
        return ir::matches_name(pattern, *question.flow.request->dns, question.index.settings.dialect);
      });
      (yes ? answer.decided_by : refused).push_back(rule->rule);
    }
    if (!answer.decided_by.empty() || !question.list.default_deny) return answer;
    return {ir::Verdict::Denied, true, std::move(refused)};
  }

  const ir::PolicySet& policies;
  const ir::Cluster& cluster;
  std::unordered_map<std::string, std::unique_ptr<RE2>> expressions;
  std::unordered_map<std::uint32_t, std::vector<CompiledHttp>> http;  // by rule
};

RequestTable::RequestTable(const ir::PolicySet& policies, const ir::Cluster& cluster) : state_(std::make_unique<State>(policies, cluster)) {}
RequestTable::~RequestTable() = default;

std::optional<ir::L7Decision> RequestTable::decide(const ir::RuleIndex& index, Classifier& classifier, const ir::Flow& flow) const {
  for (const ir::Endpoint* end : {&flow.source, &flow.destination})
    if (!end->address && end->labels.world()) return ir::decide_request(state_->policies, state_->cluster, flow);
  std::optional<ir::L7Decision> out;
  int best = 0;
  for (const ir::Direction direction : {ir::Direction::Egress, ir::Direction::Ingress}) {
    const bool egress = direction == ir::Direction::Egress;
    const ir::Endpoint& subject = egress ? flow.source : flow.destination;
    const ir::Endpoint& peer = egress ? flow.destination : flow.source;
    const bool node = subject.kind == ir::EndpointKind::Node;
    if (!ir::is_managed(index.settings, subject) || index.settings.enforcement == ir::Enforcement::Never || (flow.request->dns && !egress)) continue;
    const ir::SubjectClass number = classifier.subject(node ? subject.host_labels : subject.labels);
    const ir::LabelSet labels = peer_labels(peer, subject);
    const ir::Signature signature = classifier.peer(labels, peer.address);
    const ir::RuleList& all = index.subjects[number.index][static_cast<std::size_t>(direction)];
    const ir::RuleList& list = all.enforced_only.empty() ? all : all.enforced_only.front();
    if (list.groups.empty()) continue;
    const ir::PeerNames names{labels.world(), peer.dns_names};
    const bool localhost = !egress && index.settings.allow_localhost && labels.reserved("host") && !node;
    const Question question{index, list, flow, labels, peer.address,
                            ir::matched_levels(index, list, index.signatures[signature.index], flow.protocol, flow.port, &names), localhost, names};
    Answer answer = flow.request->dns ? state_->ask_dns(question) : state_->ask_proxy(question);
    if (rank(answer) <= best) continue;
    best = rank(answer);
    out = ir::L7Decision{answer.verdict, flow.request->dns ? "dns" : flow.request->http ? "http" : "tls", direction, std::move(answer.decided_by)};
  }
  return out;
}

}  // namespace weir::compiler
