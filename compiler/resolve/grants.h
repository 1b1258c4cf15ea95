#pragma once

#include <string_view>

#include "compiler/api/gateway.h"

namespace weir::compiler {

/// Who refers to what, across namespaces.
struct Reference {
  std::string_view from_kind, from_namespace;          // of the group of the Gateway API
  std::string_view to_group, to_kind, to_namespace, to_name;
};

/// gateway.md 32: the same namespace, or a ReferenceGrant there says so. Grants add up.
[[nodiscard]] bool permitted(const GatewayObjects&, const Reference&);

/// The grant that would permit it, as one line for people.
[[nodiscard]] std::string grant_for(const Reference&);

}  // namespace weir::compiler
