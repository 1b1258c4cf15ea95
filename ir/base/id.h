#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace weir::ir {

/// A typed index into one vector. The tag names the vector: Id<RuleTag> never mixes with Id<PodTag>.
template <class Tag>
struct Id {
  std::uint32_t index = 0;
  friend auto operator<=>(const Id&, const Id&) = default;
};

}  // namespace weir::ir

template <class Tag>
struct std::hash<weir::ir::Id<Tag>> {
  std::size_t operator()(weir::ir::Id<Tag> id) const noexcept { return id.index; }
};
