// Whether a selector can select anything, and what was probably meant. Tested by tests/unit/compiler/resolve/lints_test.cpp.

#include "compiler/resolve/lints_selectors.h"
#include "ir/base/code.h"

#include <algorithm>
#include <set>

namespace weir::compiler {
namespace {

const std::string kNamespaceName = std::string(ir::kNamespaceLabelPrefix) + "kubernetes.io/metadata.name";

bool is_derived_key(std::string_view key) {
  return key == ir::kNamespaceKey || key == ir::kClusterKey || key == ir::kServiceAccountKey ||
         key.starts_with(ir::kNamespaceLabelPrefix);
}

/// A requirement that says where pods are, not which.
bool is_place(const ir::Requirement& r) {
  return r.key == ir::kNamespaceKey || r.key == ir::kClusterKey || r.key == kNamespaceName;
}

bool is_namespace_label(const ir::Requirement& r) { return r.key.starts_with(ir::kNamespaceLabelPrefix) && !is_place(r); }

bool must_be_there(const ir::Requirement& r) { return r.op == ir::Operator::In || r.op == ir::Operator::Exists; }

// policy.md 1.3
bool is_excluded(const Lint& lint, const ir::Requirement& r) {
  if (r.source != "k8s" && r.source != "any") return false;
  return !is_derived_key(r.key) && !ir::is_identity_label(lint.cluster.settings, r.key);
}

void lint_excluded(const Lint& lint, const LabelRequirement& written, const ir::Requirement& r) {
  lint.report(ir::Code::ExcludedLabel, written.span,
              "label " + show(r.key) + " is no part of an identity, so this requirement " +
                  (must_be_there(r) ? "never holds" : "always holds"),
              "select by a label of your own");
}

void lint_namespace(const Lint& lint, const LabelRequirement& r) {
  if (lint.objects.inventory.namespaces.empty() || r.op != ir::Operator::In) return;
  std::vector<std::string_view> names;
  for (const std::string& value : r.values) {
    if (lint.namespaces.contains(value)) continue;
    if (names.empty()) names.assign(lint.namespaces.begin(), lint.namespaces.end());
    const std::string near = nearest(value, names);
    lint.report(ir::Code::UnknownNamespace, r.span, "nothing in the input is in a namespace " + show(value),
                near.empty() ? "" : "write " + show(near));
  }
}

ir::Selector places_of(const ir::Selector& selector) {
  ir::Selector out;
  for (const ir::Requirement& r : selector.requirements)
    if (is_place(r)) out.add(r);
  return out;
}

/// The one namespace that a selector asks for; null when there are several or none.
const std::string* namespace_of(const ir::Selector& selector) {
  const std::string* found = nullptr;
  for (const ir::Requirement& r : selector.requirements)
    if ((r.key == ir::kNamespaceKey || r.key == kNamespaceName) && r.op == ir::Operator::In && r.values.size() == 1)
      found = &r.values.front();
  return found;
}

}  // namespace

const SelectorLint::Vocabulary& SelectorLint::vocabulary_of(const std::string& space) {
  const auto [at, fresh] = vocabularies_.try_emplace(space);
  if (!fresh) return at->second;
  std::map<std::string_view, std::set<std::string_view>> all;
  ir::Selector of;
  of.add(ir::equals("k8s", ir::kNamespaceKey, space));
  lint_.pods.visit(of, [&](std::uint32_t pod) {
    for (const ir::Label& label : lint_.cluster.pods[pod].labels.labels) all[label.key].insert(label.value);
    return true;
  });
  for (const auto& [key, values] : all) {
    at->second.keys.push_back(key);
    at->second.values[key] = {values.begin(), values.end()};
  }
  return at->second;
}

std::string SelectorLint::near(std::string_view text, const std::vector<std::string_view>& names) {
  if (names.size() > hints_left_) return {};
  hints_left_ -= names.size();
  std::vector<std::string_view> close;  // `nearest` accepts two edits at most
  std::copy_if(names.begin(), names.end(), std::back_inserter(close), [&](std::string_view name) {
    return std::max(name.size(), text.size()) - std::min(name.size(), text.size()) <= 2;
  });
  return nearest(text, close);
}

/// The label of some pod that is nearest to a requirement that none fulfils; null: any namespace.
std::string SelectorLint::hint_for(const Vocabulary* words, const LabelRequirement& written, const ir::Requirement& r) {
  static const std::vector<std::string_view> kNothing;
  const auto found = words ? words->values.find(r.key) : decltype(words->values.find(r.key)){};
  const auto& values = !words ? lint_.pods.values(r.key) : found == words->values.end() ? kNothing : found->second;
  const std::string& value = r.values.front();
  if (std::binary_search(values.begin(), values.end(), value)) return {};
  if (!values.empty()) {
    const std::string better = near(value, values);
    return better.empty() ? "" : "write " + show(written.key + ": " + better);
  }
  std::string better = near(r.key, words ? words->keys : lint_.pods.keys());
  // A namespaceSelector is written without the prefix that its labels have in an identity.
  if (better.starts_with(ir::kNamespaceLabelPrefix) && !written.key.starts_with(ir::kNamespaceLabelPrefix))
    better = better.substr(ir::kNamespaceLabelPrefix.size());
  return better.empty() ? "" : "write " + show(better) + " for " + show(written.key);
}

std::string SelectorLint::hint(const WrittenSelector& selector) {
  constexpr std::size_t kMost = 8;  // nobody mistypes more
  const std::string* space = namespace_of(selector.resolved);
  const Vocabulary* words = space ? &vocabulary_of(*space) : nullptr;
  for (std::size_t i = 0; i < std::min(kMost, selector.requirements.size()); ++i) {
    const auto& [written, r] = selector.requirements[i];
    if (r.op != ir::Operator::In || r.values.size() != 1 || is_place(r)) continue;
    if (std::string fix = hint_for(words, *written, r); !fix.empty()) return fix;
  }
  return {};
}

// policy.md 1.4
void SelectorLint::report_host(const WrittenSelector& selector, Place place, std::uint32_t pod) const {
  const std::string which = "only pods on the host network have these labels, such as " + lint_.pod_name(pod);
  if (place == Place::Subject)
    lint_.report(ir::Code::HostNetworkPod, selector.span, which + ", and no policy for pods applies to them",
                 "protect the node with a CiliumClusterwideNetworkPolicy that has a `nodeSelector`");
  else
    lint_.report(ir::Code::HostNetworkPod, selector.span, which + ", and they are seen as the node they run on",
                 "allow the entities `host` and `remote-node` in a CiliumNetworkPolicy");
}

void SelectorLint::look_at(const WrittenPolicy& policy, const WrittenSelector& selector, Place place) {
  if (lint_.cluster.pods.empty() || selector.requirements.empty() || !PodIndex::about_pods(selector.resolved)) return;
  if (lint_.pods.first(selector.resolved)) return;
  if (const auto pod = lint_.on_host.first(selector.resolved)) return report_host(selector, place, *pod);
  const auto& all = selector.requirements;
  if (std::any_of(all.begin(), all.end(), [&](const auto& r) { return must_be_there(r.second) && is_excluded(lint_, r.second); }))
    return;  // WEIR0301 says why
  if (place == Place::Subject) return report_subject(policy, selector);
  report_peer(selector);
}

/// Another namespace whose pods have the labels.
std::string SelectorLint::elsewhere(const WrittenSelector& selector) const {
  ir::Selector anywhere;
  for (const auto& [written, r] : selector.requirements)
    if (!is_place(r)) anywhere.add(r);
  if (!PodIndex::about_pods(anywhere)) return {};
  const auto pod = lint_.pods.first(anywhere);
  if (!pod) return {};
  return "pods with these labels are in namespace " + show(lint_.cluster.pods[*pod].namespace_name);
}

void SelectorLint::report_subject(const WrittenPolicy& policy, const WrittenSelector& selector) {
  const std::string& space = policy.meta->namespace_name;
  const ir::Selector places = places_of(selector.resolved);
  const bool known = namespace_of(selector.resolved) && (lint_.pods.first(places) || lint_.on_host.first(places));
  std::string fix = known || space.empty() ? hint(selector) : "";
  if (fix.empty() && !space.empty()) fix = elsewhere(selector);
  if (!known && fix.empty()) return;  // the input may lack the pods that are meant
  lint_.report(ir::Code::SelectsNoPod, selector.span,
               policy.meta->kind + " " + show(policy.meta->name) + " selects no pod of " +
                   (space.empty() ? "the input" : "namespace " + show(space)),
               std::move(fix));
}

void SelectorLint::report_peer(const WrittenSelector& selector) {
  const ir::Selector places = places_of(selector.resolved);
  if (!lint_.pods.first(places) && !lint_.on_host.first(places)) return;  // nothing is known of that place
  std::string fix = hint(selector);
  const std::string* space = namespace_of(selector.resolved);
  const bool by_namespace = std::any_of(selector.requirements.begin(), selector.requirements.end(),
                                        [](const auto& r) { return is_namespace_label(r.second); });
  if ((by_namespace || !space) && fix.empty()) return;  // such pods may well be in a namespace that was not given
  lint_.report(ir::Code::PeerMatchesNothing, selector.span,
               "no pod of the input" + (space ? " in namespace " + show(*space) : std::string()) + " has these labels",
               std::move(fix));
}

void SelectorLint::look(const WrittenPolicy& policy) {
  const auto requirements = [&](const WrittenSelector& selector) {
    for (const auto& [written, r] : selector.requirements) {
      if (is_excluded(lint_, r)) lint_excluded(lint_, *written, r);
      if (r.key == ir::kNamespaceKey || r.key == kNamespaceName) lint_namespace(lint_, *written);
    }
  };
  if (!policy.on_nodes) {
    requirements(policy.subject);
    look_at(policy, policy.subject, Place::Subject);
  }
  for (const WrittenElement& element : policy.elements)
    for (const WrittenSelector& peer : element.peers) {
      requirements(peer);
      look_at(policy, peer, Place::Peer);
    }
}

}  // namespace weir::compiler
