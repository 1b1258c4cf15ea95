#pragma once

#include <string>
#include <vector>

#include "compiler/api/gateway.h"
#include "compiler/resolve/gateway_status.h"
#include "ir/base/diagnostic.h"
#include "ir/cluster/cluster.h"
#include "ir/route/route_table.h"

namespace weir::compiler {

/// A ListenerSet and the Gateway it names (gateway.md 5).
struct ResolvedSet {
  const ListenerSetObject* object = nullptr;
  const GatewayObject* gateway = nullptr;  // null: not in the input
  bool allowed = false;
};

/// A listener with the objects it comes from, in the order of RouteTable::listeners. An empty reason: nothing is wrong.
struct ResolvedListener {
  ir::Listener listener;
  const ListenerObject* object = nullptr;
  const GatewayObject* gateway = nullptr;
  const ListenerSetObject* set = nullptr;  // null: written in the Gateway
  std::vector<std::string> kinds;          // supported kinds (gateway.md 8)
  std::string refused;                     // Accepted=False: "UnsupportedProtocol", "NoValidCACertificate"
  std::string conflict;                    // Conflicted=True: "HostnameConflict", "ProtocolConflict"
  std::string unresolved;                  // ResolvedRefs=False: "InvalidCertificateRef", "RefNotPermitted", "InvalidRouteKinds"
  std::string overlaps;                    // OverlappingTLSConfig=True: "OverlappingHostnames", "OverlappingCertificates" (9)
  std::uint32_t attached = 0;              // routes

  [[nodiscard]] const std::string& owner_namespace() const { return set ? set->meta.namespace_name : gateway->meta.namespace_name; }
  [[nodiscard]] bool good() const { return refused.empty() && conflict.empty(); }
};

struct ResolvedListeners {
  std::vector<ResolvedSet> sets;
  std::vector<ResolvedListener> list;
};

/// Every listener of every Gateway, by (namespace, name) of the Gateway; its own as written, then those of its ListenerSets
/// (gateway.md 4). Conflicted and refused ones are not usable (5 to 9, 37, 38).
[[nodiscard]] ResolvedListeners resolve_listeners(const GatewayObjects&, const ir::Cluster&, ir::Diagnostics&);

/// Whether a namespace is among those (gateway.md 5, 11). `own`: that of the object that says so.
[[nodiscard]] bool admits(const AllowedNamespaces&, const std::string& own, const std::string& asked, const ir::Cluster&);

}  // namespace weir::compiler
