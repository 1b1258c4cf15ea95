#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/cluster/label.h"

namespace weir::ir {

enum class Operator : std::uint8_t { In, NotIn, Exists, DoesNotExist };

/// One requirement (policy.md 2.2). source "any" matches the key in every source (2.1).
struct Requirement {
  std::string source = "any";
  std::string key;
  Operator op = Operator::Exists;
  std::vector<std::string> values;  // sorted, unique; empty for Exists and DoesNotExist
  friend auto operator<=>(const Requirement&, const Requirement&) = default;
};

/// All requirements ANDed. No requirement matches every label set: the entity `all` (policy.md 2.3, 2.7).
struct Selector {
  std::vector<Requirement> requirements;  // sorted, unique
  friend auto operator<=>(const Selector&, const Selector&) = default;

  void add(Requirement requirement);  // keeps the order
  [[nodiscard]] bool everything() const { return requirements.empty(); }
};

[[nodiscard]] bool matches(const Requirement&, const LabelSet&);
[[nodiscard]] bool matches(const Selector&, const LabelSet&);

/// The one text form: "k8s:app=web,any:tier in (a,b),!k8s:legacy,k8s:zone"; "{}" when it selects everything.
[[nodiscard]] std::string to_text(const Selector&);
[[nodiscard]] std::string to_text(const Requirement&);

/// Shorthand: source:key = value.
[[nodiscard]] Requirement equals(std::string_view source, std::string_view key, std::string_view value);
[[nodiscard]] Requirement exists(std::string_view source, std::string_view key);

}  // namespace weir::ir
