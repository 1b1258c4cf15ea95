#include "ir/sets/label_box.h"

#include <algorithm>

namespace weir::ir {
namespace {

auto lower(auto& keys, std::string_view key) {
  return std::lower_bound(keys.begin(), keys.end(), key, [](const auto& item, std::string_view k) { return item.first < k; });
}

}  // namespace

const ValueSet* LabelBox::find(std::string_view key) const {
  const auto at = lower(keys, key);
  return at != keys.end() && at->first == key ? &at->second : nullptr;
}

bool LabelBox::constrain(const std::string& key, const ValueSet& set) {
  const auto at = lower(keys, key);
  if (at != keys.end() && at->first == key) {
    at->second = at->second.intersect(set);
    return !at->second.empty();
  }
  if (!set.everything()) keys.insert(at, {key, set});
  return !set.empty();
}

std::optional<LabelBox> intersect(const LabelBox& a, const LabelBox& b) {
  LabelBox box = a;
  for (const auto& [key, set] : b.keys)
    if (!box.constrain(key, set)) return std::nullopt;
  return box;
}

bool overlaps(const LabelBox& a, const LabelBox& b) {
  auto i = a.keys.begin();
  for (const auto& [key, set] : b.keys) {
    while (i != a.keys.end() && i->first < key) ++i;
    if (i == a.keys.end()) return true;
    if (i->first == key && i->second.disjoint(set)) return false;
  }
  return true;
}

bool inside(const LabelBox& inner, const LabelBox& outer) {
  return std::all_of(outer.keys.begin(), outer.keys.end(), [&](const auto& item) {
    const ValueSet* set = inner.find(item.first);
    return set && set->inside(item.second);
  });
}

std::vector<LabelBox> subtract(const LabelBox& from, const LabelBox& what) {
  if (!overlaps(from, what)) return {from};
  std::vector<LabelBox> pieces;
  LabelBox rest = from;
  for (const auto& [key, set] : what.keys) {
    LabelBox piece = rest;
    if (piece.constrain(key, set.complement())) pieces.push_back(std::move(piece));
    // Never empty: the two boxes overlap in every key.
    (void)rest.constrain(key, set);
  }
  return pieces;
}

}  // namespace weir::ir
