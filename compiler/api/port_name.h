#pragma once

#include <string_view>

#include "compiler/api/reader.h"

namespace weir::compiler {

/// An IANA service name: at most 15 letters, digits and single hyphens, with a letter in it (policy.md 3.7).
[[nodiscard]] bool is_port_name(std::string_view);

/// The name, lower case (policy.md 3.7). Reports what is wrong with a port that is a string: no name, or a name with
/// endPort.
[[nodiscard]] std::optional<std::string> read_port_name(const FieldReader&, const Located<IntOrString>& port, bool has_end_port);

}  // namespace weir::compiler
