#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace weir::compiler {

/// std::stable_sort for large elements: sorts their numbers, and moves each element once. Most lists come in order.
template <class T, class Less>
void sort_moving(std::vector<T>& list, Less less) {
  if (std::is_sorted(list.begin(), list.end(), less)) return;
  std::vector<std::uint32_t> order(list.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return less(list[a], list[b]); });
  std::vector<T> sorted;
  sorted.reserve(list.size());
  for (const std::uint32_t i : order) sorted.push_back(std::move(list[i]));
  list = std::move(sorted);
}

}  // namespace weir::compiler
