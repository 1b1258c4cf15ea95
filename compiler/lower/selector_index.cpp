#include "compiler/lower/selector_index.h"

#include <algorithm>

namespace weir::compiler {
namespace {

/// The postings that a label set must hold one of for this requirement to be met; none for NotIn and DoesNotExist.
std::vector<std::string> anchors(const ir::Requirement& requirement) {
  std::vector<std::string> keys;
  if (requirement.op == ir::Operator::Exists) keys.push_back(requirement.key);
  if (requirement.op == ir::Operator::In)
    for (const std::string& value : requirement.values) keys.push_back(requirement.key + "=" + value);
  return keys;
}

bool anchored(const ir::Requirement& requirement) {
  return requirement.op == ir::Operator::Exists || requirement.op == ir::Operator::In;
}

}  // namespace

SelectorIndex::SelectorIndex(std::vector<const ir::Selector*> selectors) : selectors_(std::move(selectors)) {
  std::unordered_map<std::string, std::uint32_t> counts;
  for (const ir::Selector* selector : selectors_)
    for (const ir::Requirement& requirement : selector->requirements)
      for (const std::string& key : anchors(requirement)) ++counts[key];
  for (std::uint32_t i = 0; i < selectors_.size(); ++i) add(i, counts);
}

void SelectorIndex::add(std::uint32_t number, const std::unordered_map<std::string, std::uint32_t>& counts) {
  const ir::Requirement* rarest = nullptr;
  std::uint64_t lowest = 0;
  for (const ir::Requirement& requirement : selectors_[number]->requirements) {
    if (!anchored(requirement)) continue;
    std::uint64_t cost = 0;
    for (const std::string& key : anchors(requirement)) cost += counts.at(key);
    if (rarest == nullptr || cost < lowest) rarest = &requirement, lowest = cost;
  }
  if (rarest == nullptr)
    always_.push_back(number);
  else
    for (const std::string& key : anchors(*rarest)) postings_[key].push_back(number);
}

std::vector<std::uint32_t> SelectorIndex::matching(const ir::LabelSet& labels) const {
  std::vector<std::uint32_t> found = always_;
  const auto meet = [&](const std::string& key) {
    const auto at = postings_.find(key);
    if (at != postings_.end()) found.insert(found.end(), at->second.begin(), at->second.end());
  };
  for (const ir::Label& label : labels.labels) {
    meet(label.key);
    meet(label.key + "=" + label.value);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::erase_if(found, [&](std::uint32_t number) { return !ir::matches(*selectors_[number], labels); });
  return found;
}

}  // namespace weir::compiler
