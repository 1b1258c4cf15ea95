#pragma once

#include <vector>

#include "compiler/api/gateway.h"
#include "compiler/api/reader.h"

namespace weir::compiler {

/// `listeners` of a Gateway or ListenerSet, defaults applied, by the rules of gateway.md 1.1 item 3.
[[nodiscard]] std::vector<ListenerObject> read_listeners(const FieldReader& spec, const ObjectMeta& owner);

/// A SecretObjectReference; the default is a Secret beside its owner.
[[nodiscard]] ObjectRef read_secret_ref(const Node&, const ObjectMeta& owner, ir::Diagnostics&);

}  // namespace weir::compiler
