#pragma once

#include <vector>

#include "compiler/resolve/route_listeners.h"

namespace weir::compiler {

/// gateway.md 9 and 4 V9: fills `overlaps` of TLS listeners that share a port: their certificates name the same hosts, or their
/// hostnames meet. A connection that a browser reuses for a second name then comes to the wrong listener.
void find_overlaps(std::vector<ResolvedListener>&, const ir::Cluster&, ir::Diagnostics&);

}  // namespace weir::compiler
