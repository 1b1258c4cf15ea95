#pragma once

#include <string_view>

#include "compiler/source/tree.h"

namespace weir::compiler {

/// True when the text may hold a Secret, readable or not: the word stands as the value of a key `kind`. Wrong on the safe
/// side: a comment will do. No line of such a file is shown (architecture.md rule 9).
[[nodiscard]] bool may_hold_secret(std::string_view text);

/// `kind: Secret` or `kind: SecretList`.
[[nodiscard]] bool is_secret(const Node& root);

/// What may be printed of a Secret: apiVersion, kind, type, and name, namespace and labels of its metadata.
[[nodiscard]] Node without_secret(const Node& root);

}  // namespace weir::compiler
