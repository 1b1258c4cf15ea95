#include "compiler/verify/box_index.h"

#include <algorithm>
#include <span>
#include <tuple>

namespace weir::compiler {
namespace {

/// The label value a box fixes for a key, or nothing.
std::optional<std::string_view> pinned(const ir::LabelBox& box, std::string_view key) {
  const ir::ValueSet* set = box.find(key);
  return set ? set->only() : std::nullopt;
}

/// The key besides the namespace that most of these boxes pin; the first by name among equals.
std::string splitting_key(const std::vector<BoxIndex::Entry>& entries) {
  std::map<std::string, std::map<std::string_view, std::size_t>> uses;
  for (const auto& [id, box] : entries)
    for (const auto& [key, set] : box->labels.keys)
      if (const auto value = set.only(); value && key != ir::kNamespaceKey) ++uses[key][*value];
  std::string best;
  for (const auto& [key, values] : uses)
    if (best.empty() || values.size() > uses[best].size()) best = key;
  return best;
}

}  // namespace

BoxIndex::Shelf BoxIndex::make_shelf(const std::vector<Entry>& entries) {
  Shelf shelf;
  shelf.key = splitting_key(entries);
  for (const auto& [id, box] : entries) {
    const auto value = pinned(box->labels, shelf.key);
    (value ? shelf.by_value[std::string(*value)] : shelf.loose).push_back(id);
  }
  return shelf;
}

BoxIndex::BoxIndex(const std::vector<Entry>& entries) {
  std::map<std::string, std::vector<Entry>> by_namespace;
  for (const Entry& entry : entries) {
    if (entry.second->kind != 0) file_other(entry);
    else by_namespace[std::string(pinned(entry.second->labels, ir::kNamespaceKey).value_or(""))].push_back(entry);
  }
  for (const auto& [name, members] : by_namespace) shelves_.emplace(name, make_shelf(members));
  for (auto& [kind, shelf] : by_kind_) {
    std::sort(shelf.ranges.begin(), shelf.ranges.end(), [](const Range& a, const Range& b) {
      return std::tie(a.first, a.last, a.rule) < std::tie(b.first, b.last, b.rule);
    });
    for (std::size_t i = 0; i < shelf.ranges.size(); ++i)
      shelf.ranges[i].reach = i == 0 ? shelf.ranges[i].last : std::max(shelf.ranges[i].last, shelf.ranges[i - 1].reach);
  }
}

void BoxIndex::file_other(const Entry& entry) {
  KindShelf& shelf = by_kind_[entry.second->kind];
  if (entry.second->addresses.empty()) shelf.anywhere.push_back(entry.first);
  for (const auto& [first, last] : entry.second->addresses.intervals) shelf.ranges.push_back({first, last, last, entry.first});
}

/// Backwards from the last range that begins before the interval ends, until none can reach it any more.
void BoxIndex::visit_ranges(const KindShelf& shelf, const ir::AddressSet& addresses, auto each) {
  for (const auto& [first, last] : addresses.intervals) {
    auto at = std::upper_bound(shelf.ranges.begin(), shelf.ranges.end(), last,
                               [](const ir::IpAddress& address, const Range& range) { return address < range.first; });
    while (at != shelf.ranges.begin() && !((--at)->reach < first))
      if (!(at->last < first)) each(std::span(&at->rule, 1));
  }
}

void BoxIndex::visit(const EndBox& box, auto each) const {
  if (box.kind != 0) {
    const auto at = by_kind_.find(box.kind);
    if (at == by_kind_.end()) return;
    each(at->second.anywhere);
    visit_ranges(at->second, box.addresses, each);
    return;
  }
  const auto look_into = [&](const Shelf& shelf) {
    each(shelf.loose);
    const auto value = pinned(box.labels, shelf.key);
    if (value) {
      if (const auto at = shelf.by_value.find(*value); at != shelf.by_value.end()) each(at->second);
      return;
    }
    for (const auto& [name, ids] : shelf.by_value) each(ids);
  };
  const auto name = pinned(box.labels, ir::kNamespaceKey);
  for (const auto& [shelf_name, shelf] : shelves_)
    if (!name || shelf_name.empty()) look_into(shelf);
  if (const auto at = shelves_.find(name.value_or("")); name && at != shelves_.end()) look_into(at->second);
}

std::size_t BoxIndex::count(const EndBox& box) const {
  std::size_t total = 0;
  visit(box, [&](std::span<const ir::RuleId> ids) { total += ids.size(); });
  return total;
}

void BoxIndex::candidates(const EndBox& box, std::vector<ir::RuleId>& into) const {
  visit(box, [&](std::span<const ir::RuleId> ids) { into.insert(into.end(), ids.begin(), ids.end()); });
}

}  // namespace weir::compiler
