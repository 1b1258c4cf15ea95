#pragma once

#include <vector>

#include "compiler/resolve/route_listeners.h"

namespace weir::compiler {

/// What became of one parentRef (gateway.md 10 to 12).
struct Attachment {
  const ParentRef* ref = nullptr;        // null: a default Gateway took the route by itself (gateway.md 15)
  StatusParent parent;
  std::vector<std::uint32_t> listeners;  // that accept the route, sorted
  std::string reason;                    // Accepted=False: "NotAllowedByListeners", ...; empty: accepted
};

/// Beside each route of GatewayObjects its attachments. A parent that the input does not have, or that is no Gateway or
/// ListenerSet, has none: no controller would write a status.
[[nodiscard]] std::vector<std::vector<Attachment>> attach_routes(const GatewayObjects&, const ResolvedListeners&, const ir::Cluster&,
                                                                 ir::Diagnostics&);

}  // namespace weir::compiler
