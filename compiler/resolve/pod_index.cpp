// Sorted lists of pods by label key and by label, intersected from the shortest on: a selector costs about as much as its
// rarest label has pods. Tested by tests/unit/compiler/resolve/pod_index_test.cpp against matches() pod by pod.

#include "compiler/resolve/pod_index.h"

#include <algorithm>

namespace weir::compiler {
namespace {

const PodIndex::Pods kNone;
const std::vector<std::string_view> kNoValues;

bool is_positive(const ir::Requirement& r) { return r.op == ir::Operator::In || r.op == ir::Operator::Exists; }

/// A place in one list that only goes forward.
struct Cursor {
  const PodIndex::Pods* list;
  PodIndex::Pods::const_iterator at;

  [[nodiscard]] bool holds(std::uint32_t pod) {
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
    return at != list->end() && *at == pod;
  }
};

/// One requirement: a walk along the lists of its values, which are not put into one as that costs all their pods.
struct Walk {
  std::vector<Cursor> lists{};
  std::size_t size = 0;  // of all lists
  bool wanted = true;    // false: a pod on a list is out

  void add(const PodIndex::Pods& list) {
    if (list.empty()) return;
    lists.push_back({&list, list.begin()});
    size += list.size();
  }
  [[nodiscard]] bool admits(std::uint32_t pod) {
    return std::any_of(lists.begin(), lists.end(), [&](Cursor& one) { return one.holds(pod); }) == wanted;
  }
  /// The pods of all lists, ascending.
  [[nodiscard]] const PodIndex::Pods& pods(PodIndex::Pods& made) const {
    if (lists.empty()) return kNone;
    if (lists.size() == 1) return *lists.front().list;
    made.reserve(size);
    for (const Cursor& one : lists) made.insert(made.end(), one.list->begin(), one.list->end());
    std::sort(made.begin(), made.end());
    return made;
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

void PodIndex::visit(const ir::Selector& selector, const std::function<bool(std::uint32_t)>& see) const {
  std::vector<Walk> walks;
  std::size_t shortest = 0, least = everything_.size();  // `shortest`: its place in `walks` plus one
  for (const ir::Requirement& r : selector.requirements) {
    Walk walk{.wanted = is_positive(r)};
    if (r.op == ir::Operator::Exists || r.op == ir::Operator::DoesNotExist) walk.add(with_key(r.key));
    for (const std::string& value : r.values) walk.add(with_label(r.key, value));
    if (walk.wanted ? walk.size == everything_.size() && walk.lists.size() == 1 : walk.size == 0) continue;  // takes all
    walks.push_back(std::move(walk));
    if (!walks.back().wanted || walks.back().size >= least) continue;
    least = walks.back().size;
    shortest = walks.size();
  }
  Pods made;
  const Pods& candidates = shortest == 0 ? everything_ : walks[shortest - 1].pods(made);
  if (shortest != 0) walks.erase(walks.begin() + static_cast<std::ptrdiff_t>(shortest) - 1);
  for (const std::uint32_t pod : candidates)
    if (std::all_of(walks.begin(), walks.end(), [&](Walk& walk) { return walk.admits(pod); }) && !see(pod)) return;
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
