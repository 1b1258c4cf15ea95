#include "compiler/resolve/route_listeners.h"

#include <algorithm>
#include <tuple>

#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

using ir::ListenerProtocol;

constexpr std::string_view kCiliumController = "io.cilium/gateway-controller";

void report(ir::Diagnostics& diagnostics, ir::Code code, ir::Span span, std::string detail, std::string fix = {}) {
  diagnostics.report({.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {},
                      .fix = std::move(fix), .witness = {}});
}

std::optional<ListenerProtocol> protocol_of(std::string_view text) {
  for (const auto protocol : {ListenerProtocol::Http, ListenerProtocol::Https, ListenerProtocol::Tls,
                              ListenerProtocol::Tcp, ListenerProtocol::Udp})
    if (ir::to_text(protocol) == text) return protocol;
  return std::nullopt;
}

/// A class that is not in the input is taken for Cilium's in its dialects (gateway.md 2).
bool is_cilium(const GatewayObjects& objects, const std::string& class_name, ir::GatewayDialect dialect) {
  const auto at = std::find_if(objects.classes.begin(), objects.classes.end(),
                               [&](const GatewayClassObject& c) { return c.meta.name == class_name; });
  return at == objects.classes.end() ? ir::behaviour(dialect).ingress_identity : at->controller == kCiliumController;
}

std::string called(const ListenerObject& object) { return "listener `" + object.name + "`"; }

/// What makes a listener useless by itself (gateway.md 8).
void check_alone(const ListenerObject& object, ir::Listener& out, ir::Diagnostics& diagnostics) {
  const auto protocol = protocol_of(object.protocol);
  out.protocol = protocol.value_or(ListenerProtocol::Tcp);
  if (!protocol) {
    out.usable = false;
    return report(diagnostics, ir::Code::ListenerUnusable, object.origin,
                  called(object) + " has the protocol `" + object.protocol + "`, which no controller knows " +
                      "(Accepted=False, UnsupportedProtocol)");
  }
  if (out.protocol == ListenerProtocol::Https && !object.tls) {
    out.usable = false;
    return report(diagnostics, ir::Code::ListenerUnusable, object.origin, called(object) + " is HTTPS and has no `tls`",
                  "add `tls.certificateRefs`");
  }
  if (out.protocol != ListenerProtocol::Http && out.protocol != ListenerProtocol::Https)
    report(diagnostics, ir::Code::FieldIgnored, object.origin,
           called(object) + " is of protocol " + object.protocol + ": weir refuses the routes of that protocol, so " +
               "nothing is sent there");
}

// gateway.md 6: which protocols cannot share a port. UDP lives in its own port space.
bool clash(ListenerProtocol a, ListenerProtocol b, ir::GatewayDialect dialect) {
  if (a == b || a == ListenerProtocol::Udp || b == ListenerProtocol::Udp) return false;
  const bool by_server_name = a != ListenerProtocol::Http && b != ListenerProtocol::Http && a != ListenerProtocol::Tcp &&
                              b != ListenerProtocol::Tcp;
  return !by_server_name || !ir::behaviour(dialect).https_beside_tls;
}

// gateway.md 7: inside one Gateway nobody wins.
void check_conflicts(std::vector<ResolvedListener>& listeners, ir::GatewayDialect dialect, ir::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      ResolvedListener &a = listeners[i], &b = listeners[j];
      if (a.gateway != b.gateway || a.listener.port != b.listener.port) continue;
      if (!clash(a.listener.protocol, b.listener.protocol, dialect)) continue;
      a.listener.usable = b.listener.usable = false;
      diagnostics.report(
          {.kind = ir::Code::ListenerConflict, .primary = a.object->origin,
           .detail = called(*a.object) + " (" + a.object->protocol + ") and " + called(*b.object) + " (" +
                     b.object->protocol + ") cannot share port " + std::to_string(a.listener.port) +
                     " (Conflicted=True, ProtocolConflict): neither takes requests",
           .labels = {{b.object->origin, "the other listener"}}, .notes = {}, .fix = "give one of them another port",
           .witness = {}});
    }
  }
}

}  // namespace

std::string name_of(const ObjectMeta& meta) { return meta.namespace_name + "/" + meta.name; }

std::vector<ResolvedListener> resolve_listeners(const GatewayObjects& objects, ir::GatewayDialect dialect,
                                                ir::Diagnostics& diagnostics) {
  std::vector<const GatewayObject*> gateways;
  for (const GatewayObject& gateway : objects.gateways) gateways.push_back(&gateway);
  const auto name = [](const GatewayObject* g) { return std::tie(g->meta.namespace_name, g->meta.name); };
  std::stable_sort(gateways.begin(), gateways.end(), [&](auto* a, auto* b) { return name(a) < name(b); });
  std::vector<ResolvedListener> out;
  for (const GatewayObject* gateway : gateways) {
    for (const ListenerObject& object : gateway->listeners) {
      ir::Listener listener;
      listener.gateway_namespace = gateway->meta.namespace_name;
      listener.gateway = gateway->meta.name;
      listener.name = object.name;
      listener.port = object.port;
      listener.hostname = ir::lower(object.hostname);
      listener.tls = object.tls ? object.tls->mode : ir::TlsMode::None;
      listener.cilium = is_cilium(objects, gateway->class_name, dialect);
      listener.origin = object.origin;
      check_alone(object, listener, diagnostics);
      out.push_back({std::move(listener), &object, gateway});
    }
  }
  check_conflicts(out, dialect, diagnostics);
  return out;
}

}  // namespace weir::compiler
