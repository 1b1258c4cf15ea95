#pragma once

#include <string_view>
#include <vector>

#include "compiler/source/libyaml_reader.h"
#include "compiler/source/positions.h"
#include "compiler/source/tree.h"

namespace weir::compiler {

/// The `# weir:` comments of a document. `opaque` are its quoted and block scalars: what looks like a comment in there
/// is text. `chunk` starts at byte `base`.
[[nodiscard]] std::vector<WeirComment> find_comments(std::string_view chunk, std::size_t base,
                                                     const std::vector<OpaqueRange>& opaque, const Positions&);

}  // namespace weir::compiler
