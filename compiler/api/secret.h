#pragma once

#include <set>

#include "compiler/api/inventory.h"
#include "compiler/api/policy.h"
#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// Every Secret that the `headerMatches` of a rule name: only these are read.
[[nodiscard]] std::set<ir::SecretName> secret_names(const PolicyObjects&);

/// Namespace and name of a document, "default" when it names no namespace; not checked.
[[nodiscard]] ir::SecretName object_name(const Document&);

/// A Secret, decoded. Nothing but its head may ever be shown.
struct SecretItems {
  ObjectMeta meta;
  std::string type;  // "kubernetes.io/tls"; empty: Opaque
  StringMap items;
};
[[nodiscard]] SecretItems read_secret_items(const Document&, ir::Diagnostics&);

/// What the headers of a rule need of it.
[[nodiscard]] SecretObject to_secret(const SecretItems&);

}  // namespace weir::compiler
