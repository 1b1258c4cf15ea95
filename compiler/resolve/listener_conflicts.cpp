// Listeners that cannot share a port (gateway.md 6, 7). Tested by tests/unit/compiler/resolve/gateway_test.cpp.
#include "compiler/resolve/listener_conflicts.h"

#include "compiler/resolve/gateway_report.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

using ir::ListenerProtocol;

bool has_names(ListenerProtocol protocol) { return protocol != ListenerProtocol::Tcp && protocol != ListenerProtocol::Udp; }
bool is_tls(ListenerProtocol protocol) { return protocol == ListenerProtocol::Https || protocol == ListenerProtocol::Tls; }

/// Item 6; empty: they can be told apart. UDP lives in a port space of its own.
std::string conflict_of(const ir::Listener& a, const ir::Listener& b, ir::GatewayDialect dialect) {
  if (a.port != b.port || (a.protocol == ListenerProtocol::Udp) != (b.protocol == ListenerProtocol::Udp)) return {};
  if (a.protocol == b.protocol) return !has_names(a.protocol) || a.hostname == b.hostname ? "HostnameConflict" : "";
  const bool by_server_name = is_tls(a.protocol) && is_tls(b.protocol) && a.hostname != b.hostname;
  return by_server_name && ir::behaviour(dialect).https_beside_tls ? "" : "ProtocolConflict";
}

std::string called(const ResolvedListener& one) {
  return "listener `" + one.object->name + "`" + (one.set == nullptr ? "" : " of ListenerSet `" + name_of(one.set->meta) + "`") + " (" +
         one.object->protocol + ")";
}

void tell(const ResolvedListener& loser, const ResolvedListener& other, const std::string& reason, bool nobody, ir::Diagnostics& diagnostics) {
  report(diagnostics, ir::Code::ListenerConflict, loser.object->origin,
         called(loser) + " and " + called(other) + " cannot share port " + std::to_string(loser.listener.port) + " (Conflicted=True, " +
             reason + "): " + (nobody ? "neither takes requests" : "the second one takes them"),
         reason == "HostnameConflict" ? "give one of them another port or hostname" : "give one of them another port",
         {{other.object->origin, "the other listener"}});
}

// Item 7: inside one object nobody wins; between a Gateway and its ListenerSets the first in the order of item 4 does.
void judge(ResolvedListener& later, ResolvedListener& earlier, ir::GatewayDialect dialect, ir::Diagnostics& diagnostics) {
  const std::string reason = conflict_of(later.listener, earlier.listener, dialect);
  if (reason.empty() || !later.refused.empty() || !earlier.refused.empty()) return;
  const bool nobody = later.set == earlier.set;
  // Who has lost already takes nothing from others.
  if (!nobody && !earlier.conflict.empty()) return;
  later.conflict = reason;
  if (nobody) earlier.conflict = reason;
  tell(later, earlier, reason, nobody, diagnostics);
}

}  // namespace

void find_conflicts(std::vector<ResolvedListener>& listeners, ir::GatewayDialect dialect, ir::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < listeners.size(); ++i)
    for (std::size_t j = i; j-- > 0 && listeners[j].gateway == listeners[i].gateway;)
      if (listeners[j].set == listeners[i].set) judge(listeners[i], listeners[j], dialect, diagnostics);
  for (std::size_t i = 0; i < listeners.size(); ++i)
    for (std::size_t j = i; j-- > 0 && listeners[j].gateway == listeners[i].gateway;)
      if (listeners[j].set != listeners[i].set) judge(listeners[i], listeners[j], dialect, diagnostics);
}

}  // namespace weir::compiler
