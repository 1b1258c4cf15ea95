// GatewayClass and Gateway (gateway.md 1.1, 1.2).
#include "compiler/api/gateway.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/names.h"
#include "compiler/api/readers.h"

namespace weir::compiler {
namespace {

constexpr Field kClassFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField};
constexpr FieldTable kGatewayClass{"GatewayClass", kClassFields};

constexpr Field kClassSpecFields[] = {
    {"controllerName"},
    {"description", Support::Irrelevant},
    {"parametersRef", Support::Ignored, "it configures the controller, not the routes"},
};
constexpr FieldTable kGatewayClassSpec{"GatewayClassSpec", kClassSpecFields};

constexpr FieldTable kGateway{"Gateway", kClassFields};

constexpr Field kGatewaySpecFields[] = {
    {"addresses", Support::Ignored, "a request names its gateway, not the address"},
    {"allowedListeners", Support::Ignored, "weir does not read ListenerSet, and refuses one"},
    {"defaultScope", Support::Unsupported, "it attaches routes that name no parent"},
    {"gatewayClassName"},
    {"infrastructure", Support::Ignored, "it configures the controller, not the routes"},
    {"listeners"},
    {"tls", Support::Unsupported, "client certificates decide who is let in"},
};
constexpr FieldTable kGatewaySpec{"GatewaySpec", kGatewaySpecFields};

constexpr Field kListenerFields[] = {{"allowedRoutes"}, {"hostname"}, {"name"}, {"port"}, {"protocol"},
                                     {"tls", Support::Partly, "see ListenerTLSConfig"}};
constexpr FieldTable kListener{"Listener", kListenerFields};

constexpr Field kTlsFields[] = {
    {"certificateRefs", Support::Partly, "counted, not looked up"},
    {"frontendValidation", Support::Unsupported, "client certificates decide who is let in"},
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

std::string text_of(const FieldReader& reader, std::string_view field, std::string_view otherwise = {}) {
  const auto text = reader.string(field);
  return text ? text->value : std::string(otherwise);
}

void read_namespaces(const Node& node, ListenerObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRouteNamespaces, diagnostics);
  const auto from = reader.one_of("from", {"All", "Same", "Selector"});
  out.routes.from = !from || from->value == "Same" ? NamespacesFrom::Same
                    : from->value == "All"         ? NamespacesFrom::All
                                                   : NamespacesFrom::Selector;
  out.routes.selector = reader.object("selector", [&](const Node& selector) {
    return read_label_selector(selector, SelectorSyntax::Kubernetes, diagnostics);
  });
  if (out.routes.from == NamespacesFrom::Selector) reader.require("selector");
}

RouteKind read_kind(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRouteGroupKind, diagnostics);
  reader.require("kind");
  return {text_of(reader, "group", kGatewayGroup), text_of(reader, "kind"), node.span};
}

void read_allowed_routes(const Node& node, ListenerObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kAllowedRoutes, diagnostics);
  if (const Node* namespaces = reader.get("namespaces")) read_namespaces(*namespaces, out, diagnostics);
  out.kinds = reader.list<RouteKind>("kinds", [&](const Node& item) { return read_kind(item, diagnostics); })
                  .value_or(std::vector<RouteKind>{});
  if (out.kinds.size() > 8)
    reader.report(ir::Code::InvalidValue, reader.span("kinds"), "at most 8 `kinds` are accepted");
}

std::size_t read_certificates(const FieldReader& tls, ir::Diagnostics& diagnostics) {
  const auto refs = tls.list<bool>("certificateRefs", [&](const Node& item) {
    const FieldReader ref(item, kSecretRef, diagnostics);
    return ref.require("name");
  });
  if (refs && !refs->empty())
    tls.report(ir::Code::FieldIgnored, tls.span("certificateRefs"),
               "`certificateRefs` are not looked up: weir takes the certificates as present and good");
  if (refs && refs->size() > 64)
    tls.report(ir::Code::InvalidValue, tls.span("certificateRefs"), "at most 64 `certificateRefs` are accepted");
  return refs ? refs->size() : 0;
}

// gateway.md 3: HTTPS mode must be Terminate, TLS needs a mode, Terminate needs a certificate or an option.
void read_tls(const Node& node, ListenerObject& listener, ir::Diagnostics& diagnostics) {
  const FieldReader tls(node, kTls, diagnostics);
  const auto mode = tls.one_of("mode", {"Terminate", "Passthrough"});
  const std::size_t certificates = read_certificates(tls, diagnostics);
  const auto options = tls.string_map("options");
  if (listener.protocol == "HTTPS" && mode && mode->value != "Terminate")
    tls.report(ir::Code::InvalidValue, mode->span, "the `mode` of an HTTPS listener must be `Terminate`");
  if (listener.protocol == "TLS" && !mode) tls.require("mode");
  const bool terminates = !mode || mode->value == "Terminate";
  listener.tls->mode = terminates ? ir::TlsMode::Terminate : ir::TlsMode::Passthrough;
  listener.tls->has_options = options && !options->empty();
  if (terminates && certificates == 0 && (!options || options->empty()))
    tls.report(ir::Code::MissingField, tls.span(), "a listener that terminates TLS needs `certificateRefs` or `options`");
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

void read_protocol(const FieldReader& reader, ListenerObject& out) {
  reader.require("protocol");
  out.protocol = text_of(reader, "protocol");
  const Node* tls = reader.get("tls");
  if (tls == nullptr) {
    if (out.protocol == "TLS") reader.require("tls");
    return;
  }
  out.tls.emplace().origin = tls->span;
  if (out.protocol == "HTTP" || out.protocol == "TCP" || out.protocol == "UDP")
    reader.report(ir::Code::ExclusiveFields, tls->span, "`tls` is not for a listener of protocol " + out.protocol);
  else
    read_tls(*tls, out, reader.diagnostics());
}

ListenerObject read_listener(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kListener, diagnostics);
  ListenerObject out;
  out.origin = reader.span("name");
  reader.require("name");
  reader.require("port");
  out.name = text_of(reader, "name");
  if (!out.name.empty() && !is_dns_subdomain(out.name))
    reader.report(ir::Code::InvalidValue, reader.span("name"), show(out.name) + " cannot be the name of a listener");
  if (const auto port = reader.integer("port", 1, 65535)) out.port = static_cast<std::uint16_t>(port->value);
  read_protocol(reader, out);
  read_hostname(reader, out);
  if (const Node* allowed = reader.get("allowedRoutes")) read_allowed_routes(*allowed, out, diagnostics);
  return out;
}

// gateway.md 3: names unique, (port, protocol, hostname) unique.
void check_unique(const std::vector<ListenerObject>& listeners, ir::Diagnostics& diagnostics) {
  std::set<std::string> names;
  std::set<std::tuple<std::uint16_t, std::string, std::string>> places;
  const auto report = [&](const ListenerObject& listener, std::string detail) {
    diagnostics.report({.kind = ir::Code::InvalidValue, .primary = listener.origin, .detail = std::move(detail),
                        .labels = {}, .notes = {}, .fix = {}, .witness = {}});
  };
  for (const ListenerObject& listener : listeners) {
    if (!names.insert(listener.name).second) report(listener, "two listeners are called " + show(listener.name));
    if (!places.emplace(listener.port, listener.protocol, listener.hostname).second)
      report(listener, "another listener has the same port, protocol and hostname");
  }
}

void read_gateway_spec(const Node& node, GatewayObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader spec(node, kGatewaySpec, diagnostics);
  spec.require("gatewayClassName");
  out.class_name = text_of(spec, "gatewayClassName");
  if (!spec.require("listeners")) return;
  out.listeners = spec.list<ListenerObject>("listeners", [&](const Node& item) { return read_listener(item, diagnostics); })
                      .value_or(std::vector<ListenerObject>{});
  if (out.listeners.empty() || out.listeners.size() > 64)
    spec.report(ir::Code::InvalidValue, spec.span("listeners"), "a Gateway has 1 to 64 listeners");
  check_unique(out.listeners, diagnostics);
}

}  // namespace

void read_gateway_class(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kGatewayClass, diagnostics);
  GatewayClassObject out;
  out.meta = read_meta(top, document, Scope::Cluster);
  if (!top.require("spec")) return;
  const FieldReader spec(*top.get("spec"), kGatewayClassSpec, diagnostics);
  spec.require("controllerName");
  out.controller = text_of(spec, "controllerName");
  objects.classes.push_back(std::move(out));
}

void read_gateway(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kGateway, diagnostics);
  GatewayObject out;
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (!top.require("spec")) return;
  read_gateway_spec(*top.get("spec"), out, diagnostics);
  objects.gateways.push_back(std::move(out));
}

std::vector<const FieldTable*> gateway_tables() {
  return {&kGateway, &kGatewaySpec, &kListener, &kTls, &kSecretRef, &kAllowedRoutes, &kRouteNamespaces, &kRouteGroupKind, &kGatewayClass, &kGatewayClassSpec};
}

}  // namespace weir::compiler
