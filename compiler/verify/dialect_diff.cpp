// What an upgrade changes, policy by policy. A reason is not guessed: the input is read once more with one setting of the
// new dialect alone, and the setting counts when that changes the policy's rules or the verdict about the witness.
#include "compiler/verify/dialect_diff.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "compiler/verify/dialect_reasons.h"
#include "compiler/verify/dialect_witness.h"

namespace weir::compiler {
namespace {

using Key = std::tuple<std::string, std::string, std::string, std::string>;

Key key_of(const ir::PolicyObject& policy) { return {policy.kind, policy.namespace_name, policy.name, policy.cluster}; }

struct Read {
  const ir::PolicyObject* policy = nullptr;
  RuleList rules;
};

std::map<Key, Read> by_policy(const DialectWorld& world) {
  std::map<Key, Read> all;
  for (const ir::PolicyObject& policy : world.policies.policies) all[key_of(policy)].policy = &policy;
  for (const ir::Rule& rule : world.policies.rules)
    all[key_of(world.policies.policies[rule.policy.index])].rules.push_back(&rule);
  return all;
}

/// A rule without what only says how it was read.
ir::Rule plain(ir::Rule rule) {
  rule.policy = {};
  rule.assumptions.clear();
  return rule;
}

bool same_rules(const RuleList& a, const RuleList& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ir::Rule* x, const ir::Rule* y) { return plain(*x) == plain(*y); });
}

/// The lines of `--emit policy` below a rule's first one.
std::vector<std::string> lines_of(const ir::Rule& written) {
  const ir::PolicySet alone{{ir::PolicyObject{}}, {}};
  const std::string text = to_text(plain(written), alone);
  std::vector<std::string> lines;
  for (std::size_t at = text.find('\n') + 1, end = 0; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    lines.push_back(text.substr(at + 2, end - at - 2));
  }
  return lines;
}

using ElementKey = std::tuple<ir::Direction, ir::Action, std::uint32_t>;
struct ElementPair {
  RuleList from, to;
};

std::vector<std::string> all_lines(const RuleList& rules) {
  std::vector<std::string> lines;
  for (const ir::Rule* rule : rules)
    for (std::string& line : lines_of(*rule)) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> only_in(const std::vector<std::string>& lines, std::vector<std::string> others) {
  std::vector<std::string> out;
  for (const std::string& line : lines) {
    const auto at = std::find(others.begin(), others.end(), line);
    if (at == others.end()) out.push_back(line);
    else others.erase(at);
  }
  return out;
}

std::vector<ElementChange> changed_elements(const RuleList& from, const RuleList& to) {
  std::map<ElementKey, ElementPair> pairs;
  for (const ir::Rule* rule : from) pairs[{rule->direction, rule->action, rule->index}].from.push_back(rule);
  for (const ir::Rule* rule : to) pairs[{rule->direction, rule->action, rule->index}].to.push_back(rule);
  std::vector<ElementChange> changes;
  for (const auto& [key, pair] : pairs) {
    if (same_rules(pair.from, pair.to)) continue;
    const ir::Rule& first = *(pair.from.empty() ? pair.to : pair.from).front();
    const std::vector<std::string> before = all_lines(pair.from), after = all_lines(pair.to);
    changes.push_back({first.direction, first.action, first.index, first.origin, only_in(before, after), only_in(after, before)});
  }
  return changes;
}

bool refuses(const ir::Diagnostic& diagnostic) {
  const ir::CodeInfo& code = ir::info(diagnostic.kind);
  return code.severity == ir::Severity::Error && code.effect != ir::Effect::Finding;
}

bool holds(const ir::Span& outer, const ir::Span& inner) {
  const auto first = std::pair(outer.line, outer.column), last = std::pair(outer.end_line, outer.end_column);
  const auto here = std::pair(inner.line, inner.column);
  return outer.file == inner.file && first <= here && here < last;
}

class Comparison {
 public:
  Comparison(const PolicyObjects& objects, const ir::Settings& from, const ir::Settings& to, const ReadAs& read)
      : read_(read), old_(read(from)), new_(read(to)), from_(by_policy(old_)), to_(by_policy(new_)), search_(old_, new_) {
    out_.from = from;
    out_.to = to;
    const auto before = to_pairs(from), after = to_pairs(to);
    for (std::size_t i = 0; i < before.size(); ++i)
      if (before[i] != after[i]) out_.settings.push_back({before[i].first, before[i].second, after[i].second});
    for (const CiliumNetworkPolicy& policy : objects.cilium_network_policies)
      written_[{policy.meta.kind, policy.meta.namespace_name, policy.meta.name, policy.meta.cluster}] = &policy;
  }

  DialectDiff run() {
    std::set<Key> keys;
    for (const auto* all : {&from_, &to_})
      for (const auto& [key, read] : *all) keys.insert(key);
    for (const Key& key : keys) compare(key, from_[key], to_[key]);
    out_.policies = static_cast<std::uint32_t>(keys.size());
    add_refused();
    return std::move(out_);
  }

 private:
  [[nodiscard]] const CiliumNetworkPolicy* written(const Key& key) const {
    const auto at = written_.find(key);
    return at == written_.end() ? nullptr : at->second;
  }

  [[nodiscard]] std::vector<ir::Diagnostic> refusals(const Key& key, const DialectWorld& world) const {
    std::vector<ir::Diagnostic> found;
    if (const CiliumNetworkPolicy* policy = written(key))
      for (const ir::Diagnostic& diagnostic : world.diagnostics.list())
        if (refuses(diagnostic) && holds(policy->meta.document, diagnostic.primary)) found.push_back(diagnostic);
    return found;
  }

  /// Every refusal that is not the answer about one policy.
  void add_refused() {
    std::set<ir::Diagnostic> told;
    for (const PolicyChange& change : out_.changes) told.insert(change.refusals.begin(), change.refusals.end());
    std::set<ir::Diagnostic> rest;
    for (const DialectWorld* world : {&old_, &new_})
      for (const ir::Diagnostic& diagnostic : world->diagnostics.list())
        if (refuses(diagnostic) && !told.contains(diagnostic)) rest.insert(diagnostic);
    out_.refused.assign(rest.begin(), rest.end());
  }

  void compare(const Key& key, const Read& before, const Read& after) {
    PolicyChange change{*(after.policy ? after.policy : before.policy), DialectChange::Rules, {}, {}, {}, std::nullopt};
    const auto refused_before = refusals(key, old_), refused_after = refusals(key, new_);
    if (refused_before.empty() != refused_after.empty()) {
      change.change = refused_before.empty() ? DialectChange::Refused : DialectChange::Accepted;
      change.refusals = refused_before.empty() ? refused_after : refused_before;
      change.reasons = reasons(key, before, after, [&](const DialectWorld& world) { return refusals(key, world).empty() == refused_after.empty(); });
      out_.changes.push_back(std::move(change));
      return;
    }
    if (same_rules(before.rules, after.rules)) return compare_verdicts(key, before, after, std::move(change));
    change.elements = changed_elements(before.rules, after.rules);
    change.witness = search_.find(before.rules, after.rules);
    change.reasons = reasons(key, before, after, [&](const DialectWorld& world) {
      const std::map<Key, Read> all = by_policy(world);
      const auto at = all.find(key);
      return at == all.end() || !same_rules(before.rules, at->second.rules);
    });
    out_.changes.push_back(std::move(change));
  }

  void compare_verdicts(const Key& key, const Read& before, const Read& after, PolicyChange change) {
    if (!may_answer_differently(before.rules)) return;
    change.change = DialectChange::Verdicts;
    change.witness = search_.find(before.rules, after.rules);
    if (!change.witness) return;
    change.reasons = reasons(key, before, after, [&](const DialectWorld& world) { return search_.ask(world) != change.witness->from; });
    out_.changes.push_back(std::move(change));
  }

  /// What the evaluator itself reads differently: patterns, and settings that are no part of a rule.
  [[nodiscard]] bool may_answer_differently(const RuleList& rules) const {
    if (std::any_of(rules.begin(), rules.end(), [](const ir::Rule* rule) { return has_deep_pattern(*rule); })) return true;
    static const std::set<std::string> kInRules = {"default_local_cluster", "non_default_deny_policies", "derived.icmp_type_zero_is_all",
                                                   "derived.np_rules_isolate_unlisted_types"};
    const auto baseline = [](const ir::Rule& rule) { return rule.tier == ir::Tier::Baseline; };
    const bool has_baseline = std::any_of(old_.policies.rules.begin(), old_.policies.rules.end(), baseline);
    const bool always = out_.from.enforcement == ir::Enforcement::Always || out_.to.enforcement == ir::Enforcement::Always;
    const bool upstream = out_.from.dialect == ir::Dialect::K8s || out_.to.dialect == ir::Dialect::K8s;
    return std::any_of(out_.settings.begin(), out_.settings.end(), [&](const SettingChange& setting) {
      if (setting.key == "dialect") return always || upstream;
      if (setting.key == "derived.baseline_before_default_deny") return has_baseline;
      return !kInRules.contains(setting.key);
    });
  }

  [[nodiscard]] ir::Settings with_one(const SettingChange& setting) const {
    ir::Settings settings = out_.from;
    if (setting.key == "dialect") settings.dialect = out_.to.dialect;
    else if (auto changed = with(settings, setting.key, setting.to)) settings = *changed;
    return settings;
  }

  const DialectWorld& world_with(const SettingChange& setting) {
    if (out_.settings.size() == 1) return new_;
    auto at = partly_.find(setting.key);
    if (at == partly_.end()) at = partly_.emplace(setting.key, read_(with_one(setting))).first;
    return at->second;
  }

  /// The settings that alone make the change; all of them when it takes several.
  [[nodiscard]] std::vector<DialectReason> reasons(const Key& key, const Read& before, const Read& after, auto changes) {
    std::vector<std::string> keys;
    for (const SettingChange& setting : out_.settings)
      if (changes(world_with(setting))) keys.push_back(setting.key);
    if (keys.empty())
      for (const SettingChange& setting : out_.settings) keys.push_back(setting.key);
    std::vector<DialectReason> found;
    for (const std::string& one : keys)
      for (DialectReason& reason : explain(one, written(key), before.rules, after.rules, out_.to)) found.push_back(std::move(reason));
    return found;
  }

  const ReadAs& read_;
  DialectWorld old_, new_;
  std::map<Key, Read> from_, to_;
  std::map<Key, const CiliumNetworkPolicy*> written_;
  std::map<std::string, DialectWorld> partly_;
  DialectSearch search_;
  DialectDiff out_;
};

}  // namespace

std::string_view to_text(DialectChange change) {
  switch (change) {
    case DialectChange::Refused: return "refused";
    case DialectChange::Accepted: return "accepted";
    case DialectChange::Rules: return "rules";
    case DialectChange::Verdicts: return "verdicts";
  }
  return "rules";
}

DialectDiff diff_dialects(const PolicyObjects& objects, const ir::Settings& from, const ir::Settings& to, const ReadAs& read) {
  return Comparison(objects, from, to, read).run();
}

}  // namespace weir::compiler
