#pragma once

#include <string>

#include "compiler/api/gateway.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

// What the gateway files of this folder share.

inline void report(ir::Diagnostics& diagnostics, ir::Code code, ir::Span span, std::string detail, std::string fix = {},
                   std::vector<ir::DiagnosticLabel> labels = {}) {
  diagnostics.report({.kind = code, .primary = span, .detail = std::move(detail), .labels = std::move(labels), .notes = {},
                      .fix = std::move(fix), .witness = {}});
}

/// "shop/web"
[[nodiscard]] inline std::string name_of(const ObjectMeta& meta) { return meta.namespace_name + "/" + meta.name; }

/// Secrets are seldom kept beside manifests: without a single one, those that are named are taken as present and good.
[[nodiscard]] inline bool certificates_known(const GatewayObjects& objects) {
  return objects.certificates_given || !objects.secrets.empty();
}

}  // namespace weir::compiler
