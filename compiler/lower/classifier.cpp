#include <algorithm>
#include <memory>
#include <tuple>
#include <unordered_map>

#include "compiler/lower/cidr_index.h"
#include "compiler/lower/hash.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/peer_classifier.h"
#include "compiler/lower/selector_index.h"

namespace weir::compiler {
namespace {

std::vector<const ir::Selector*> subjects_of(const ir::RuleIndex& index) {
  std::vector<const ir::Selector*> selectors;
  for (const ir::SubjectRule& rule : index.rules) selectors.push_back(&rule.subject);
  return selectors;
}

/// What the rules of a subject depend on beside the rules.
struct SubjectKind {
  bool init = false;
  bool node = false;  // policy.md 2.5: a rule on nodes never applies to pods and vice versa
};

/// The list of one direction: policy.md 4.2 up to the walk.
ir::RuleList make_list(const ir::RuleIndex& index, const std::vector<std::uint32_t>& selecting, ir::Direction direction,
                       SubjectKind kind, bool with_audit = true) {
  ir::RuleList list;
  const bool forced = index.settings.enforcement == ir::Enforcement::Always || kind.init;
  bool audited = false;
  for (const std::uint32_t number : selecting) {
    const ir::SubjectRule& rule = index.rules[number];
    if (rule.direction != direction || rule.node != kind.node) continue;
    audited = audited || rule.audit;
    if (rule.audit && !with_audit) continue;
    list.lookups.insert(list.lookups.end(), rule.lookups.begin(), rule.lookups.end());
    if (rule.default_deny) list.isolating.push_back(rule.indexed.rule);
    const bool same_level = !list.groups.empty() && list.groups.back().tier == rule.tier && list.groups.back().priority == rule.priority;
    if (!same_level) list.groups.push_back({rule.tier, rule.priority, {}});
    list.groups.back().rules.push_back(rule.indexed);
  }
  list.enforced = index.settings.enforcement != ir::Enforcement::Never && (forced || !list.groups.empty());
  list.default_deny = forced || !list.isolating.empty();
  if (audited && with_audit) list.enforced_only.push_back(make_list(index, selecting, direction, kind, false));
  return list;
}

}  // namespace

struct Classifier::State {
  explicit State(ir::RuleIndex& index) : subjects(SelectorIndex(subjects_of(index))), peers(index) {}

  SelectorIndex subjects;
  PeerClassifier peers;
  std::unordered_map<ir::LabelSet, ir::SubjectClass, LabelSetHash> subject_of_labels;
  std::unordered_map<std::vector<std::uint32_t>, ir::SubjectClass, WordsHash> subject_of_rules;
};

Classifier::Classifier(ir::RuleIndex& index) : state_(std::make_shared<State>(index)), index_(index) {}

ir::SubjectClass Classifier::subject(const ir::LabelSet& labels) {
  if (const auto known = state_->subject_of_labels.find(labels); known != state_->subject_of_labels.end())
    return known->second;
  const std::vector<std::uint32_t> selecting = state_->subjects.matching(labels);
  std::vector<std::uint32_t> key = selecting;
  const bool init = labels.reserved("init");
  // The label of a node as a subject; no pod carries it.
  const SubjectKind kind{init, labels.reserved("host")};
  key.push_back(init);
  key.push_back(kind.node);
  const ir::SubjectClass fresh{static_cast<std::uint32_t>(index_.subjects.size())};
  const auto [at, added] = state_->subject_of_rules.emplace(std::move(key), fresh);
  if (added)
    index_.subjects.push_back({make_list(index_, selecting, ir::Direction::Ingress, kind),
                               make_list(index_, selecting, ir::Direction::Egress, kind)});
  state_->subject_of_labels.emplace(labels, at->second);
  return at->second;
}

ir::Signature Classifier::peer(const ir::LabelSet& labels, const std::optional<ir::IpAddress>& address) {
  std::optional<ir::IpPrefix> prefix;
  if (address) prefix = ir::prefix_of(*address);
  return prefix ? state_->peers.signature(labels, prefix) : state_->peers.without_address(labels);
}

}  // namespace weir::compiler
