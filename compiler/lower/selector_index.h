#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/cluster/selector.h"

namespace weir::compiler {

/// Many selectors, asked which of them match a label set. Each selector hangs on its rarest requirement, so that a label
/// set meets few of them.
class SelectorIndex {
 public:
  /// The selectors must outlive the index.
  explicit SelectorIndex(std::vector<const ir::Selector*> selectors);
  /// The numbers of the matching selectors, ascending.
  [[nodiscard]] std::vector<std::uint32_t> matching(const ir::LabelSet&) const;

 private:
  void add(std::uint32_t number, const std::unordered_map<std::string, std::uint32_t>& counts);

  std::vector<const ir::Selector*> selectors_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> postings_;  // "key=value" or "key" -> selectors
  std::vector<std::uint32_t> always_;  // selectors that no label must be there for
};

}  // namespace weir::compiler
