// Sorted lists of pods by label key and by label, intersected from the shortest on: a selector costs about as much as its
// rarest label has pods. Tested by tests/unit/compiler/resolve/pod_index_test.cpp against matches() pod by pod.

#include "compiler/resolve/pod_index.h"

#include <algorithm>
#include <deque>

namespace weir::compiler {
namespace {

const PodIndex::Pods kNone;
const std::vector<std::string_view> kNoValues;

bool is_positive(const ir::Requirement& r) { return r.op == ir::Operator::In || r.op == ir::Operator::Exists; }

/// A walk along one list that only goes forward.
struct Walk {
  const PodIndex::Pods* list;
  PodIndex::Pods::const_iterator at;
  bool wanted;  // false: a pod on the list is out

  [[nodiscard]] bool admits(std::uint32_t pod) {
    // Gallops: neighbours are close, gaps are large.
    for (std::size_t step = 1; at != list->end() && *at < pod; step *= 2) {
      const auto left = static_cast<std::size_t>(list->end() - at);
      const auto next = at + static_cast<std::ptrdiff_t>(std::min(step, left));
      if (next == list->end() || *next >= pod) {
        at = std::lower_bound(at, next, pod);
        break;
      }
      at = next;
    }
    return (at != list->end() && *at == pod) == wanted;
  }
};

}  // namespace

PodIndex::PodIndex(const std::vector<const ir::LabelSet*>& pods) {
  for (std::uint32_t id = 0; id < pods.size(); ++id) {
    if (pods[id]->labels.empty()) continue;  // on the host network
    everything_.push_back(id);
    for (const ir::Label& label : pods[id]->labels) {
      if (label.source != "k8s") continue;
      by_key_[label.key].push_back(id);
      Pods& with = by_label_[{label.key, label.value}];
      if (with.empty()) values_[label.key].push_back(label.value);
      with.push_back(id);
    }
  }
  for (auto& [key, values] : values_) {
    std::sort(values.begin(), values.end());
    keys_.push_back(key);
  }
  std::sort(keys_.begin(), keys_.end());
}

bool PodIndex::about_pods(const ir::Selector& selector) {
  return !selector.everything() && std::all_of(selector.requirements.begin(), selector.requirements.end(), [](const auto& r) {
    return r.source == "k8s" || r.source == "any";
  });
}

const PodIndex::Pods& PodIndex::with_key(std::string_view key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? kNone : found->second;
}

const PodIndex::Pods& PodIndex::with_label(std::string_view key, std::string_view value) const {
  const auto found = by_label_.find({key, value});
  return found == by_label_.end() ? kNone : found->second;
}

const std::vector<std::string_view>& PodIndex::values(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? kNoValues : found->second;
}

/// The pods that In, NotIn, Exists or DoesNotExist name, before any negation.
const PodIndex::Pods& PodIndex::with_any(const ir::Requirement& r, Pods& made) const {
  if (r.op == ir::Operator::Exists || r.op == ir::Operator::DoesNotExist) return with_key(r.key);
  if (r.values.size() == 1) return with_label(r.key, r.values.front());
  for (const std::string& value : r.values) {
    const Pods& some = with_label(r.key, value);
    made.insert(made.end(), some.begin(), some.end());
  }
  std::sort(made.begin(), made.end());
  return made;
}

void PodIndex::visit(const ir::Selector& selector, const std::function<bool(std::uint32_t)>& see) const {
  std::deque<Pods> made;  // does not move what Walk points to
  std::vector<Walk> walks;
  const Pods* shortest = &everything_;
  for (const ir::Requirement& r : selector.requirements) {
    const Pods& list = with_any(r, made.emplace_back());
    if (is_positive(r) && list.size() < shortest->size()) shortest = &list;
    if (is_positive(r) ? list.size() < everything_.size() : !list.empty()) walks.push_back({&list, list.begin(), is_positive(r)});
  }
  for (const std::uint32_t pod : *shortest) {
    const bool taken = std::all_of(walks.begin(), walks.end(), [&](Walk& walk) { return (walk.wanted && walk.list == shortest) || walk.admits(pod); });
    if (taken && !see(pod)) return;
  }
}

std::optional<std::uint32_t> PodIndex::first(const ir::Selector& selector) const {
  std::optional<std::uint32_t> found;
  visit(selector, [&](std::uint32_t pod) {
    found = pod;
    return false;
  });
  return found;
}

PodIndex::Pods PodIndex::all(const ir::Selector& selector) const {
  Pods out;
  visit(selector, [&](std::uint32_t pod) {
    out.push_back(pod);
    return true;
  });
  return out;
}

}  // namespace weir::compiler
