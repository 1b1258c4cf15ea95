#pragma once

#include <string_view>
#include <vector>

#include "compiler/source/builder.h"

namespace weir::compiler {

/// A scalar that may hold ` #` without starting a comment: quoted or block. Offsets into the file.
struct OpaqueRange {
  std::size_t begin = 0, end = 0;
};

/// What a second reader must see too: one entry for each event, without places.
struct Shape {
  Event::Kind kind{};
  bool null = false, quoted = false;
  std::size_t hash = 0;   // of the text
  std::size_t begin = 0;  // where the first reader saw it
};

struct LibyamlResult {
  std::optional<Problem> problem;
  Node root;
  std::vector<OpaqueRange> opaque;
  std::vector<Shape> shape;  // filled when asked for
};

/// One document through libyaml. `chunk` starts at byte `base` of the file.
[[nodiscard]] LibyamlResult read_libyaml(std::string_view chunk, std::size_t base, bool want_shape, TreeBuilder& builder);

}  // namespace weir::compiler
