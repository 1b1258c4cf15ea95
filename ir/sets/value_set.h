#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/cluster/selector.h"

namespace weir::ir {

/// What one label key may be: absent, or one of a set of values that is finite or misses finitely many.
/// Equal sets are equal values.
struct ValueSet {
  bool absent = true;               // the label may be missing
  bool all_but = true;              // `values` are those left out, not those listed
  std::vector<std::string> values;  // sorted, unique
  friend auto operator<=>(const ValueSet&, const ValueSet&) = default;

  static ValueSet none() { return {false, false, {}}; }
  static ValueSet present() { return {false, true, {}}; }
  static ValueSet one(std::string value) { return {false, false, {std::move(value)}}; }
  /// policy.md 2.2: NotIn also holds without the label.
  static ValueSet of(Operator op, const std::vector<std::string>& values);

  [[nodiscard]] bool empty() const { return !absent && !all_but && values.empty(); }
  [[nodiscard]] bool everything() const { return absent && all_but && values.empty(); }
  [[nodiscard]] bool contains(std::string_view value) const;
  [[nodiscard]] bool disjoint(const ValueSet&) const;
  [[nodiscard]] bool inside(const ValueSet& outer) const { return disjoint(outer.complement()); }
  [[nodiscard]] ValueSet intersect(const ValueSet&) const;
  [[nodiscard]] ValueSet unite(const ValueSet&) const;
  [[nodiscard]] ValueSet complement() const { return {!absent, !all_but, values}; }
  [[nodiscard]] ValueSet subtract(const ValueSet& other) const { return intersect(other.complement()); }
  /// The only value, when there is exactly one and the label may not be missing.
  [[nodiscard]] std::optional<std::string_view> only() const;
  /// Some value, for a set that has one; a value nobody lists when all but some are allowed.
  [[nodiscard]] std::optional<std::string> some_value() const;
};

}  // namespace weir::ir
