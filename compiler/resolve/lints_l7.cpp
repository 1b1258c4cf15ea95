// Request rules beside an allow that asks nothing of a request (policy.md 5.2 to 5.4, corner case 6).
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

// policy.md 5.3: on the very same peer and port the server names stay in force.
bool shares_a_peer(const ir::Rule& a, const ir::Rule& b) {
  if (!a.peers || !b.peers) return a.peers == b.peers;
  return std::any_of(a.peers->begin(), a.peers->end(),
                     [&](const ir::Peer& peer) { return std::count(b.peers->begin(), b.peers->end(), peer) > 0; });
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
  if (!rule.l7->server_names.empty() && plain.ports == rule.ports && shares_a_peer(plain, rule)) return false;
  return covers_peers(plain, rule, settings);
}

std::string kind_of(const ir::L7Rules& l7) { return !l7.http.empty() ? "HTTP" : !l7.dns.empty() ? "DNS" : "server name"; }

}  // namespace

void lint_requests(const Lint& lint, LintSubjects& subjects) {
  const auto& rules = lint.policies.rules;
  std::set<ir::Span> told;
  std::size_t pairs = 0;
  const auto plain_for = [&](std::uint32_t subject, const ir::Rule& rule) -> const ir::Rule* {
    for (const std::uint32_t wide : subjects.covering(subject))
      for (const std::uint32_t id : subjects.rules(wide)) {
        if (++pairs > kMostPairs) return nullptr;
        if (makes_void(rules[id], rule, lint.cluster.settings)) return &rules[id];
      }
    return nullptr;
  };
  for (std::uint32_t s = 0; s < subjects.size(); ++s)
    for (const std::uint32_t id : subjects.rules(s)) {
      const ir::Rule& rule = rules[id];
      // Outside of the Normal tier only weir itself adds request rules (policy.md 8.5).
      if (rule.action != ir::Action::Allow || !rule.l7 || rule.tier != ir::Tier::Normal || !restricts(*rule.l7)) continue;
      const ir::Rule* plain = plain_for(s, rule);
      if (!plain || !told.insert(rule.origin).second) continue;
      lint.report(ir::Code::L7Void, rule.origin,
                  "these " + kind_of(*rule.l7) + " rules refuse nothing: another allow lets the same peers use the same port for any request",
                  "remove the plain allow, or give it the request rules too", {{plain->origin, "this allow asks nothing of requests"}});
    }
}

}  // namespace weir::compiler
