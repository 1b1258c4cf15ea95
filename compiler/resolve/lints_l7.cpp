// Request rules that refuse nothing: beside an allow that asks nothing of a request (policy.md 5.2 to 5.4, corner case 6), or
// on pods that let in by default what no rule matches (4.2a).
// Tested by tests/unit/compiler/resolve/lints_rules_test.cpp.

#include <algorithm>
#include <set>

#include "compiler/resolve/lint_covers.h"
#include "compiler/resolve/lint_parts.h"
#include "compiler/resolve/lint_subjects.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr std::size_t kMostPairs = 1'000'000;  // of rules that protect the same pods; reached by no input but a made one

/// Rules that let every request through are written to see requests, not to refuse them.
bool restricts(const ir::L7Rules& l7) {
  const bool any_request = std::count(l7.http.begin(), l7.http.end(), ir::HttpMatch{}) > 0;
  const bool any_name = std::any_of(l7.dns.begin(), l7.dns.end(), [](const ir::NamePattern& name) { return name.text == "*"; });
  return (!l7.http.empty() && !any_request) || (!l7.dns.empty() && !any_name) || !l7.server_names.empty();
}

/// policy.md 5.3: on the very same peer and port the server names stay in force; what is left are the allow's other peers.
bool lifts_names(const ir::Rule& plain, const ir::Rule& rule, const ir::Settings& settings) {
  const auto exactly = [&](const ir::PortMatch& port) { return std::count(plain.ports->begin(), plain.ports->end(), port) > 0; };
  const bool same_port = plain.ports && rule.ports ? std::any_of(rule.ports->begin(), rule.ports->end(), exactly) : plain.ports == rule.ports;
  if (!same_port) return true;
  if (!plain.peers || !rule.peers) return plain.peers != rule.peers && covers_peers(plain, rule, settings);
  return std::all_of(rule.peers->begin(), rule.peers->end(), [&](const ir::Peer& peer) {
    ir::Rule others = plain, one = rule;
    one.peers->assign(1, peer);
    std::erase(*others.peers, peer);
    return covers_peers(others, one, settings);
  });
}

// policy.md 5.4: only an allow of the very same port and protocol lifts the rules for names.
bool has_same_ports(const ir::Rule& plain, const ir::Rule& rule) {
  return plain.ports && rule.ports && std::all_of(rule.ports->begin(), rule.ports->end(), [&](const ir::PortMatch& port) {
    return std::count(plain.ports->begin(), plain.ports->end(), port) > 0;
  });
}

bool makes_void(const ir::Rule& plain, const ir::Rule& rule, const ir::Settings& settings) {
  if (plain.action != ir::Action::Allow || plain.l7 || plain.direction != rule.direction) return false;
  if (plain.audit && !rule.audit) return false;  // not enforced
  if (!covers_ports(plain, rule)) return false;
  if (!rule.l7->dns.empty() && settings.derived_l3_allow_keeps_dns_rules && !has_same_ports(plain, rule)) return false;
  return covers_peers(plain, rule, settings) && (rule.l7->server_names.empty() || lifts_names(plain, rule, settings));
}

/// policy.md 4.2a: whether requests to these pods that no rule matches may be refused by another rule, or by default.
bool may_refuse(const ir::Rule& other, const ir::Rule& rule) {
  if (other.direction != rule.direction || other.subject_is_node != rule.subject_is_node) return false;
  const bool refuses = other.default_deny || other.action == ir::Action::Pass || (other.action == ir::Action::Deny && other.tier == ir::Tier::Baseline);
  return refuses && !exclude_each_other(other.subject, rule.subject);
}

std::string kind_of(const ir::L7Rules& l7) { return !l7.http.empty() ? "HTTP" : !l7.dns.empty() ? "DNS" : "server name"; }

class RequestLint {
 public:
  RequestLint(const Lint& lint, LintSubjects& subjects) : lint_(lint), subjects_(subjects) {}

  void look(std::uint32_t subject, const ir::Rule& rule) {
    if (const ir::Rule* plain = plain_for(subject, rule))
      report(rule, ": another allow lets the same peers use the same port for any request", "remove the plain allow, or give it the request rules too",
             {{plain->origin, "this allow asks nothing of requests"}});
    else if (passes_by_default(rule))
      report(rule, ": no rule isolates these pods, so what they do not match passes by default",
             "leave out `enableDefaultDeny: false`, or isolate the pods by another policy", {});
  }

 private:
  void report(const ir::Rule& rule, const std::string& why, std::string fix, std::vector<ir::DiagnosticLabel> labels) {
    if (!told_.insert(rule.origin).second) return;
    lint_.report(ir::Code::L7Void, rule.origin, "these " + kind_of(*rule.l7) + " rules refuse nothing" + why, std::move(fix), std::move(labels));
  }

  const ir::Rule* plain_for(std::uint32_t subject, const ir::Rule& rule) {
    for (const std::uint32_t wide : subjects_.covering(subject))
      for (const std::uint32_t id : subjects_.rules(wide)) {
        if (++pairs_ > kMostPairs) return nullptr;
        if (makes_void(lint_.policies.rules[id], rule, lint_.cluster.settings)) return &lint_.policies.rules[id];
      }
    return nullptr;
  }

  /// A name that DNS rules do not have is refused by the proxy, whatever else holds.
  bool passes_by_default(const ir::Rule& rule) {
    if (!rule.l7->dns.empty() || rule.default_deny || lint_.cluster.settings.enforcement == ir::Enforcement::Always) return false;
    for (std::uint32_t subject = 0; subject < subjects_.size(); ++subject)
      for (const std::uint32_t id : subjects_.rules(subject))
        if (++pairs_ > kMostPairs || may_refuse(lint_.policies.rules[id], rule)) return false;
    return true;
  }

  const Lint& lint_;
  LintSubjects& subjects_;
  std::set<ir::Span> told_;
  std::size_t pairs_ = 0;
};

}  // namespace

void lint_requests(const Lint& lint, LintSubjects& subjects) {
  RequestLint requests(lint, subjects);
  for (std::uint32_t s = 0; s < subjects.size(); ++s)
    for (const std::uint32_t id : subjects.rules(s)) {
      const ir::Rule& rule = lint.policies.rules[id];
      // Outside of the Normal tier only weir itself adds request rules (policy.md 8.5).
      if (rule.action != ir::Action::Allow || !rule.l7 || rule.tier != ir::Tier::Normal || !restricts(*rule.l7)) continue;
      requests.look(s, rule);
    }
}

}  // namespace weir::compiler
