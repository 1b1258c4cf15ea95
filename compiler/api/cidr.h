#pragma once

#include "compiler/api/policy.h"

namespace weir::compiler {

enum class AddressForm : std::uint8_t { CidrOnly, CidrOrAddress };

/// A CIDR; InvalidValue when it is none, WEIR0112 when host bits are set (they are cleared, as the API does).
[[nodiscard]] std::optional<ir::IpPrefix> read_prefix(const Located<std::string>&, AddressForm, ir::Diagnostics&);

enum class ExceptRule : std::uint8_t {
  Inside,          // Cilium: except may equal cidr
  StrictlyInside,  // NetworkPolicy: except must be smaller
};

/// A mapping with `cidr` and `except`.
[[nodiscard]] CidrBlock read_cidr_block(const FieldReader&, ExceptRule);

}  // namespace weir::compiler
