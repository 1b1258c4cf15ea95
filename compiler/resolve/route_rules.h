#pragma once

#include <string>

#include "compiler/resolve/route_backends.h"

namespace weir::compiler {

/// A rule as the router takes it, and what a controller would say of it.
struct ResolvedRule {
  ir::RouteRule rule;       // without matches when it was dropped
  std::string unsupported;  // why it was dropped (gateway.md 29): Accepted=False or PartiallyInvalid; empty: it was not
  std::string unresolved;   // ResolvedRefs=False: the reason of its first bad reference
};

/// gateway.md 1.6, 1.7: matches with expressions that RE2 reads, filters with their backends looked up, weighted backends.
[[nodiscard]] ResolvedRule resolve_rule(const RouteRuleObject&, const RouteObject&, const BackendScope&, ir::Diagnostics&);

}  // namespace weir::compiler
