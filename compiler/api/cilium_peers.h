#pragma once

#include "compiler/api/policy.h"

namespace weir::compiler {

/// How the fields of one of the four lists of a rule are called.
struct ElementKind {
  std::string_view list;
  const FieldTable& table;
  bool egress = false, deny = false;
};

/// The peer fields of a rule element into `out`, checked as the importer does (policy.md 3.3).
void read_cilium_peers(const FieldReader& element, const ElementKind&, CiliumElement& out);

}  // namespace weir::compiler
