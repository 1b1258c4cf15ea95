#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/sets/value_set.h"

namespace weir::ir {

/// Label assignments as a product: each key on its own has a set of values; a key that is not named is free.
/// A selector is one box; unions are lists of boxes. Boxes with an empty key do not occur: `nullopt` is the empty box.
struct LabelBox {
  std::vector<std::pair<std::string, ValueSet>> keys;  // sorted by key, none of them `everything`
  friend auto operator<=>(const LabelBox&, const LabelBox&) = default;

  [[nodiscard]] const ValueSet* find(std::string_view key) const;
  /// Intersects one key; false when nothing is left of it.
  [[nodiscard]] bool constrain(const std::string& key, const ValueSet&);
};

[[nodiscard]] std::optional<LabelBox> intersect(const LabelBox&, const LabelBox&);
[[nodiscard]] bool overlaps(const LabelBox&, const LabelBox&);
[[nodiscard]] bool inside(const LabelBox& inner, const LabelBox& outer);
/// `from` without `what`, as boxes that do not overlap.
[[nodiscard]] std::vector<LabelBox> subtract(const LabelBox& from, const LabelBox& what);

}  // namespace weir::ir
