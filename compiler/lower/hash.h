#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "ir/cluster/label.h"

namespace weir::compiler {

[[nodiscard]] inline std::size_t mix(std::size_t hash, std::size_t value) {
  const std::uint64_t mixed = (hash ^ value) * 0x9e3779b97f4a7c15ull;
  return static_cast<std::size_t>(mixed ^ mixed >> 29);
}

/// For maps that are only asked, never walked: the order of a hash map never reaches an answer.
struct LabelSetHash {
  std::size_t operator()(const ir::LabelSet& set) const noexcept {
    std::size_t hash = set.labels.size();
    for (const ir::Label& label : set.labels)
      for (const std::string_view part : {std::string_view(label.source), std::string_view(label.key), std::string_view(label.value)})
        hash = mix(hash, std::hash<std::string_view>{}(part));
    return hash;
  }
};

struct WordsHash {
  template <class Word>
  std::size_t operator()(const std::vector<Word>& words) const noexcept {
    std::size_t hash = words.size();
    for (const Word word : words) hash = mix(hash, static_cast<std::size_t>(word));
    return hash;
  }
};

}  // namespace weir::compiler
