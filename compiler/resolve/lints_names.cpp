// toFQDNs rules whose names nobody learns (policy.md 5.6, issues 11767 and 44396, corner case 13): an address has a name
// only after the pod asked for it through a DNS rule.
// Tested by tests/unit/compiler/resolve/lints_rules_test.cpp.

#include <algorithm>
#include <map>
#include <set>

#include "compiler/resolve/lint_covers.h"
#include "compiler/resolve/lint_parts.h"
#include "ir/base/code.h"
#include "ir/eval/patterns.h"

namespace weir::compiler {
namespace {

using Rules = std::vector<const ir::Rule*>;

bool learns(const ir::Rule& rule) {
  return rule.action == ir::Action::Allow && rule.direction == ir::Direction::Egress && rule.l7 && !rule.l7->dns.empty() &&
         !(rule.peers && rule.peers->empty());
}

/// A name that the pattern means, for comparing patterns: "*.a.io" gives "x.a.io".
std::string sample(const ir::NamePattern& name) {
  if (name.literal) return name.text;
  std::string out;
  for (std::size_t i = 0; i < name.text.size(); ++i)
    if (name.text[i] != '*')
      out += name.text[i];
    else if (i == 0 || name.text[i - 1] != '*')
      out += 'x';
  return out;
}

class NameLint {
 public:
  explicit NameLint(const Lint& lint) : lint_(lint) { collect(); }

  void look(const ir::Rule& rule) {
    const auto names = names_of(rule);
    if (names.empty() || rule.subject_is_node || pairs_ >= kMostPairs) return;
    if (!PodIndex::about_pods(rule.subject) || lint_.pods.empty()) return look_by_text(rule, names);
    std::size_t seen = 0;
    lint_.pods.visit(rule.subject, [&](std::uint32_t pod) {
      constexpr std::size_t kEnough = 8;  // pods of one subject seldom have different rules
      const bool told = judge(rule, names, learning_[pod], "pod " + lint_.pod_name(pod));
      return ++seen < kEnough && !told;
    });
    if (seen == 0) look_by_text(rule, names);
  }

 private:
  static std::vector<const ir::NamePattern*> names_of(const ir::Rule& rule) {
    std::vector<const ir::NamePattern*> out;
    const bool lets = rule.action == ir::Action::Allow && rule.direction == ir::Direction::Egress && rule.peers;
    for (std::size_t i = 0; lets && i < rule.peers->size(); ++i)
      if (const auto* peer = std::get_if<ir::FqdnPeer>(&(*rule.peers)[i]); peer && peer->needs_lookup) out.push_back(&peer->name);
    return out;
  }

  void collect() {
    learning_.resize(lint_.cluster.pods.size());
    for (const ir::Rule& rule : lint_.policies.rules) {
      if (!learns(rule) || !lint_.policies.policies[rule.policy.index].cluster.empty()) continue;
      by_space_[lint_.policies.policies[rule.policy.index].namespace_name].push_back(&rule);
      if (rule.subject_is_node) continue;
      // The empty selector is a rule for every pod too.
      if (rule.subject.everything() || PodIndex::about_pods(rule.subject))
        lint_.pods.visit(rule.subject, [&](std::uint32_t pod) {
          learning_[pod].push_back(&rule);
          return ++pairs_ < kMostPairs;
        });
    }
  }

  /// Without pods to ask: the rules of the namespace that may be for the same pods.
  void look_by_text(const ir::Rule& rule, const std::vector<const ir::NamePattern*>& names) {
    constexpr std::size_t kMost = 500;  // rules; among more there will be one
    Rules candidates;
    for (const std::string& space : {lint_.policies.policies[rule.policy.index].namespace_name, std::string()}) {
      const auto found = by_space_.find(space);
      if (found == by_space_.end()) continue;
      if (found->second.size() > kMost) return;
      for (const ir::Rule* one : found->second)
        if (!exclude_each_other(one->subject, rule.subject)) candidates.push_back(one);
    }
    judge(rule, names, candidates, "these pods");
  }

  /// Whether something was said.
  bool judge(const ir::Rule& rule, const std::vector<const ir::NamePattern*>& names, const Rules& learning, const std::string& who) {
    if (told_.contains(rule.origin)) return false;
    if (learning.empty())
      return tell(rule, "no DNS rule lets " + who + " look names up through Cilium, so " + show(names.front()->text) +
                            (names.size() > 1 ? " and the other names have" : " has") + " no address");
    for (const ir::NamePattern* name : names)
      if (std::none_of(learning.begin(), learning.end(), [&](const ir::Rule* one) { return may_learn(*one, *name); }))
        return tell(rule, "no DNS rule of " + who + " lets " + show(name->text) + " be looked up, so it has no address");
    return false;
  }

  bool tell(const ir::Rule& rule, std::string detail) {
    told_.insert(rule.origin);
    lint_.report(ir::Code::FqdnWithoutDns, rule.origin, std::move(detail),
                 "allow port 53 to the pods of kube-dns with `rules: {dns: [...]}` that names what is looked up");
    return true;
  }

  bool may_learn(const ir::Rule& rule, const ir::NamePattern& name) {
    const auto& all = rule.l7->dns;
    return std::any_of(all.begin(), all.end(), [&](const ir::NamePattern& dns) { return meet(dns, name); });
  }

  /// Some name is meant by both; true when in doubt.
  bool meet(const ir::NamePattern& dns, const ir::NamePattern& name) {
    constexpr std::size_t kMost = 5'000;  // expressions to compile
    if ((!dns.literal && dns.text == "*") || dns.text == name.text) return true;
    if (dns.literal && name.literal) return ir::canonical_name(dns.text) == ir::canonical_name(name.text);
    const auto [at, fresh] = met_.try_emplace({dns, name}, true);
    if (!fresh || met_.size() > kMost) return at->second;
    const ir::Dialect dialect = lint_.cluster.settings.dialect;
    at->second = ir::name_matches(dns, sample(name), dialect) || ir::name_matches(name, sample(dns), dialect);
    return at->second;
  }

  static constexpr std::size_t kMostPairs = 4'000'000;  // of pod and DNS rule; beyond that nothing is said

  const Lint& lint_;
  std::size_t pairs_ = 0;
  std::vector<Rules> learning_;             // DNS rules by pod
  std::map<std::string, Rules> by_space_;   // DNS rules by namespace of the policy
  std::map<std::pair<ir::NamePattern, ir::NamePattern>, bool> met_;
  std::set<ir::Span> told_;
};

}  // namespace

void lint_names(const Lint& lint) {
  NameLint names(lint);
  for (const ir::Rule& rule : lint.policies.rules)
    if (lint.policies.policies[rule.policy.index].cluster.empty()) names.look(rule);
}

}  // namespace weir::compiler
