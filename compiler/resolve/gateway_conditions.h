#pragma once

#include <vector>

#include "compiler/resolve/backend_tls.h"
#include "compiler/resolve/route_attach.h"
#include "compiler/resolve/route_listeners.h"

namespace weir::compiler {

/// Everything a controller judged on the way.
struct Judged {
  const ResolvedListeners& listeners;
  const std::vector<std::vector<Attachment>>& attachments;     // by route of GatewayObjects
  const std::vector<std::vector<std::string>>& unsupported;    // by route and rule: why the rule was dropped; empty: it was not
  const std::vector<std::string>& unresolved;                  // by route: the reason of its first bad reference
  const BackendTls& tls;
};

/// gateway.md 1.10: the conditions of every object, sorted.
[[nodiscard]] GatewayStatus gateway_status(const GatewayObjects&, const ir::Cluster&, const Judged&);

}  // namespace weir::compiler
