// Listeners of a Gateway or ListenerSet (gateway.md 1.1 item 2 and 3, 1.2).
#include "compiler/api/gateway_listener.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/names.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kListenerFields[] = {{"allowedRoutes"}, {"hostname"}, {"name"}, {"port"}, {"protocol"}, {"tls"}};
constexpr FieldTable kListener{"Listener", kListenerFields};

constexpr Field kTlsFields[] = {
    {"certificateRefs"},
    {"frontendValidation", Support::Unsupported, "the API has moved it to `spec.tls.frontend` of the Gateway"},
    {"mode"},
    {"options", Support::Partly, "only whether there are any"},
};
constexpr FieldTable kTls{"ListenerTLSConfig", kTlsFields};

constexpr Field kSecretRefFields[] = {{"group"}, {"kind"}, {"name"}, {"namespace"}};
constexpr FieldTable kSecretRef{"SecretObjectReference", kSecretRefFields};

constexpr Field kAllowedRoutesFields[] = {{"kinds"}, {"namespaces"}};
constexpr FieldTable kAllowedRoutes{"AllowedRoutes", kAllowedRoutesFields};
constexpr Field kRouteNamespacesFields[] = {{"from"}, {"selector"}};
constexpr FieldTable kRouteNamespaces{"RouteNamespaces", kRouteNamespacesFields};
constexpr Field kRouteGroupKindFields[] = {{"group"}, {"kind"}};
constexpr FieldTable kRouteGroupKind{"RouteGroupKind", kRouteGroupKindFields};

RouteKind read_kind(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRouteGroupKind, diagnostics);
  reader.require("kind");
  return {text_of(reader, "group", kGatewayGroup), text_of(reader, "kind"), node.span};
}

void read_allowed_routes(const Node& node, ListenerObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kAllowedRoutes, diagnostics);
  if (const Node* namespaces = reader.get("namespaces"))
    out.routes = read_namespaces(*namespaces, kRouteNamespaces, false, diagnostics);
  out.kinds = reader.list<RouteKind>("kinds", [&](const Node& item) { return read_kind(item, diagnostics); })
                  .value_or(std::vector<RouteKind>{});
  check_count(reader, "kinds", out.kinds.size(), 8);
}

void read_options(const FieldReader& tls, ListenerTls& out) {
  const auto options = tls.string_map("options");
  out.has_options = options && !options->empty();
  if (!out.has_options) return;
  check_count(tls, "options", options->size(), 16);
  not_simulated(tls, "options", "each implementation has its own");
}

// gateway.md 3: HTTPS mode must be Terminate, TLS needs a mode, Terminate needs a certificate or an option.
void read_tls(const Node& node, const ObjectMeta& owner, ListenerObject& listener, ir::Diagnostics& diagnostics) {
  const FieldReader tls(node, kTls, diagnostics);
  ListenerTls& out = *listener.tls;
  const auto mode = tls.one_of("mode", {"Terminate", "Passthrough"});
  out.certificates = tls.list<ObjectRef>("certificateRefs", [&](const Node& item) {
                          return read_secret_ref(item, owner, diagnostics);
                        }).value_or(std::vector<ObjectRef>{});
  check_count(tls, "certificateRefs", out.certificates.size(), 64);
  read_options(tls, out);
  if (listener.protocol == "HTTPS" && mode && mode->value != "Terminate")
    tls.report(ir::Code::InvalidValue, mode->span, "the `mode` of an HTTPS listener must be `Terminate`");
  if (listener.protocol == "TLS") tls.require("mode");
  const bool terminates = !mode || mode->value == "Terminate";
  out.mode = terminates ? ir::TlsMode::Terminate : ir::TlsMode::Passthrough;
  if (terminates && out.certificates.empty() && !out.has_options)
    tls.report(ir::Code::MissingField, tls.span(), "a listener that terminates TLS needs `certificateRefs` or `options`");
}

bool is_plain(const std::string& protocol) { return protocol == "HTTP" || protocol == "TCP" || protocol == "UDP"; }

void read_listener_tls(const FieldReader& reader, const ObjectMeta& owner, ListenerObject& out) {
  const Node* tls = reader.get("tls");
  if (tls == nullptr) {
    // gateway.md 3: TLS needs tls.mode.
    if (out.protocol == "TLS") reader.require("tls");
    return;
  }
  out.tls.emplace().origin = tls->span;
  if (is_plain(out.protocol))
    reader.report(ir::Code::ExclusiveFields, tls->span, "`tls` is not for a listener of protocol " + out.protocol);
  else
    read_tls(*tls, owner, out, reader.diagnostics());
}

void read_hostname(const FieldReader& reader, ListenerObject& out) {
  const auto hostname = reader.string("hostname");
  if (!hostname || hostname->value.empty()) return;
  out.hostname = hostname->value;
  if (!is_gateway_hostname(out.hostname))
    reader.report(ir::Code::InvalidValue, hostname->span, show(out.hostname) + " is no host name of a listener",
                  "write a lower case name, with `*.` in front of it for every name below");
  if (out.protocol == "TCP" || out.protocol == "UDP")
    reader.report(ir::Code::ExclusiveFields, hostname->span, "a " + out.protocol + " listener has no `hostname`");
}

// The five of the API are the same in upper and lower case; another one is for the resolver.
void read_protocol(const FieldReader& reader, ListenerObject& out) {
  reader.require("protocol");
  out.protocol = text_of(reader, "protocol");
  std::string upper = out.protocol;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  for (const std::string_view known : {"HTTP", "HTTPS", "TLS", "TCP", "UDP"})
    if (upper == known) out.protocol = upper;
  if (const auto text = reader.string("protocol"); text && !is_protocol_name(text->value))
    reader.report(ir::Code::InvalidValue, text->span, show(text->value) + " cannot be the protocol of a listener");
}

ListenerObject read_listener(const Node& node, const ObjectMeta& owner, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kListener, diagnostics);
  ListenerObject out;
  out.origin = reader.span("name");
  reader.require("name");
  reader.require("port");
  out.name = text_of(reader, "name");
  if (!out.name.empty() && !is_dns_subdomain(out.name))
    reader.report(ir::Code::InvalidValue, reader.span("name"), show(out.name) + " cannot be the name of a listener");
  out.port = port_of(reader).value_or(0);
  read_protocol(reader, out);
  read_listener_tls(reader, owner, out);
  read_hostname(reader, out);
  if (const Node* allowed = reader.get("allowedRoutes")) read_allowed_routes(*allowed, out, diagnostics);
  return out;
}

// gateway.md 3: names unique, (port, protocol, hostname) unique.
void check_unique(const std::vector<ListenerObject>& listeners, const FieldReader& spec) {
  std::set<std::string> names;
  std::set<std::tuple<std::uint16_t, std::string, std::string>> places;
  for (const ListenerObject& listener : listeners) {
    if (!names.insert(listener.name).second)
      spec.report(ir::Code::InvalidValue, listener.origin, "two listeners are called " + show(listener.name));
    if (!places.emplace(listener.port, listener.protocol, listener.hostname).second)
      spec.report(ir::Code::InvalidValue, listener.origin, "another listener has the same port, protocol and hostname");
  }
}

}  // namespace

ObjectRef read_secret_ref(const Node& node, const ObjectMeta& owner, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kSecretRef, diagnostics);
  return to_ref(read_target(reader, {"", "Secret", owner.namespace_name, ""}), node.span);
}

std::vector<ListenerObject> read_listeners(const FieldReader& spec, const ObjectMeta& owner) {
  if (!spec.require("listeners")) return {};
  auto out = spec.list<ListenerObject>("listeners", [&](const Node& item) {
                   return read_listener(item, owner, spec.diagnostics());
                 }).value_or(std::vector<ListenerObject>{});
  if (out.empty() || out.size() > 64)
    spec.report(ir::Code::InvalidValue, spec.span("listeners"), "1 to 64 `listeners` are accepted");
  check_unique(out, spec);
  return out;
}

std::vector<const FieldTable*> listener_tables() {
  return {&kListener, &kTls, &kSecretRef, &kAllowedRoutes, &kRouteNamespaces, &kRouteGroupKind};
}

}  // namespace weir::compiler
