#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/source/libyaml_reader.h"

namespace weir::compiler {

/// The second opinion: reads the same document with yaml-cpp and says where it sees another one than `shape`, or why it
/// refuses it. Two readers of a policy must never see two policies.
[[nodiscard]] std::optional<Problem> check_yamlcpp(std::string_view chunk, std::size_t base,
                                                   const std::vector<Shape>& shape);

}  // namespace weir::compiler
