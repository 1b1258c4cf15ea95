#pragma once

#include <set>

#include "compiler/api/policy.h"
#include "compiler/source/tree.h"

namespace weir::compiler {

/// Every Secret that the `headerMatches` of a rule name: only these are read.
[[nodiscard]] std::set<ir::SecretName> secret_names(const PolicyObjects&);

/// Namespace and name of a document, "default" when it names no namespace; not checked.
[[nodiscard]] ir::SecretName object_name(const Document&);

}  // namespace weir::compiler
