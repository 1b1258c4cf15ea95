#include "compiler/api/emit_gateway.h"

#include <type_traits>

namespace weir::compiler {
namespace {

/// "shop/web", with the kind in front when it is not the usual one.
template <class Ref>
std::string ref_text(const Ref& ref, std::string_view usual) {
  std::string text = ref.kind == usual ? "" : (ref.group.empty() ? "" : ref.group + "/") + ref.kind + " ";
  return text + (ref.namespace_name.empty() ? "" : ref.namespace_name + "/") + ref.name;
}

std::string port_text(const std::optional<std::uint16_t>& port) { return port ? ":" + std::to_string(*port) : ""; }

std::string refs_text(std::string_view what, const std::vector<ObjectRef>& refs, std::string_view usual) {
  std::string text;
  for (const ObjectRef& ref : refs) text += " " + std::string(what) + " " + ref_text(ref, usual);
  return text;
}

std::string namespaces_text(const AllowedNamespaces& allowed) {
  switch (allowed.from) {
    case NamespacesFrom::None: return "None";
    case NamespacesFrom::Same: return "Same";
    case NamespacesFrom::All: return "All";
    case NamespacesFrom::Selector: break;
  }
  return allowed.selector ? selector_text(*allowed.selector) : "{}";
}

void append(const ListenerObject& listener, std::string& text) {
  text += "  listener " + listener.name + " " + listener.protocol + "/" + std::to_string(listener.port) +
          (listener.hostname.empty() ? "" : " " + listener.hostname) + " from " + namespaces_text(listener.routes);
  for (const RouteKind& kind : listener.kinds) text += " " + kind.kind;
  if (listener.tls) {
    text += listener.tls->mode == ir::TlsMode::Passthrough ? " passthrough" : " terminate";
    text += refs_text("certificate", listener.tls->certificates, "Secret") + (listener.tls->has_options ? " options" : "");
  }
  text += "\n";
}

void append(const GatewayObject& o, std::string& text) {
  text += object_text(o.meta) + " class " + o.class_name + (o.default_scope.empty() ? "" : " default " + o.default_scope) + "\n";
  for (const ListenerObject& listener : o.listeners) append(listener, text);
  if (o.listener_sets.from != NamespacesFrom::None) text += "  listenersets from " + namespaces_text(o.listener_sets) + "\n";
  for (const FrontendTls& tls : o.frontend)
    text += "  clients" + port_text(tls.port) + refs_text("authority", tls.authorities, "ConfigMap") +
            (tls.insecure_fallback ? " or none" : "") + "\n";
  if (o.client_certificate) text += "  to backends with " + ref_text(*o.client_certificate, "Secret") + "\n";
}

std::string edit_text(const ir::HeaderEdit& edit) {
  std::string text;
  for (const auto& [name, value] : edit.set) text += " set " + name + "=" + value;
  for (const auto& [name, value] : edit.add) text += " add " + name + "=" + value;
  for (const std::string& name : edit.remove) text += " remove " + name;
  return text;
}

std::string path_text(const std::optional<ir::PathEdit>& path) {
  return !path ? "" : (path->kind == ir::PathEditKind::Full ? " path " : " prefix ") + path->value;
}

std::string list_text(std::string_view what, const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& one : list) text += (text.empty() ? " " + std::string(what) + " " : ",") + one;
  return text;
}

std::string what_text(const ir::RequestHeaders& filter) { return "request headers" + edit_text(filter.edit); }
std::string what_text(const ir::ResponseHeaders& filter) { return "response headers" + edit_text(filter.edit); }
std::string what_text(const ir::RequestRedirect& filter) {
  return "redirect " + std::to_string(filter.status) + (filter.scheme ? " scheme " + *filter.scheme : "") +
         (filter.hostname ? " host " + *filter.hostname : "") + (filter.port ? " port " + std::to_string(*filter.port) : "") +
         path_text(filter.path);
}
std::string what_text(const ir::UrlRewrite& filter) {
  return "rewrite" + (filter.hostname ? " host " + *filter.hostname : "") + path_text(filter.path);
}
std::string what_text(const ir::Cors& filter) {
  return "cors" + list_text("origins", filter.origins) + list_text("methods", filter.methods) + list_text("headers", filter.headers) +
         list_text("exposed", filter.exposed) + (filter.credentials ? " credentials" : "") + " age " + std::to_string(filter.max_age);
}
std::string what_text(const MirrorObject& filter) {
  return "mirror " + ref_text(filter, "Service") + port_text(filter.port) + " " + std::to_string(filter.numerator) + "/" +
         std::to_string(filter.denominator);
}
std::string what_text(const ExtensionObject& filter) {
  return (filter.external_auth ? "external auth " : "extension ") + ref_text(filter.ref, "Service");
}

void append_filters(std::string_view indent, const std::vector<FilterObject>& filters, std::string& text) {
  for (const FilterObject& filter : filters)
    text += std::string(indent) + "filter " +
            (filter.unknown.empty() ? std::visit([](const auto& what) { return what_text(what); }, filter.what)
                                    : "not known: " + filter.unknown) +
            "\n";
}

void append(const RouteRuleObject& rule, std::size_t number, std::string& text) {
  text += "  rule " + std::to_string(number) + (rule.name.empty() ? "" : " " + rule.name);
  if (rule.request_timeout) text += " timeout " + std::to_string(*rule.request_timeout) + "ms";
  if (rule.backend_timeout) text += " timeout of a try " + std::to_string(*rule.backend_timeout) + "ms";
  text += "\n";
  for (const RouteMatchObject& match : rule.matches) text += "    match " + ir::to_text(match.match) + "\n";
  append_filters("    ", rule.filters, text);
  for (const BackendRef& backend : rule.backends) {
    text += "    backend " + ref_text(backend, "Service") + port_text(backend.port) + " weight " + std::to_string(backend.weight) + "\n";
    append_filters("      ", backend.filters, text);
  }
}

std::string parent_text(const ParentRef& parent) {
  return ref_text(parent, "Gateway") + (parent.section_name ? "/" + *parent.section_name : "") + port_text(parent.port);
}

void append(const RouteObject& o, std::string& text) {
  text += object_text(o.meta) + " rules " + std::to_string(o.rules.size());
  for (const auto& hostname : o.hostnames) text += " " + hostname.value;
  text += "\n";
  for (const ParentRef& parent : o.parents) text += "  parent " + parent_text(parent) + "\n";
  if (o.default_gateways) text += "  parent every default Gateway\n";
  for (std::size_t i = 0; i < o.rules.size(); ++i) append(o.rules[i], i, text);
}

void append(const ReferenceGrantObject& o, std::string& text) {
  text += object_text(o.meta) + "\n";
  for (const GrantFrom& from : o.from)
    text += "  from " + (from.group.empty() ? "" : from.group + "/") + from.kind + " in " + from.namespace_name + "\n";
  for (const GrantTo& to : o.to)
    text += "  to " + (to.group.empty() ? "" : to.group + "/") + to.kind + (to.name ? " " + *to.name : "") + "\n";
}

void append(const BackendTlsPolicyObject& o, std::string& text) {
  text += object_text(o.meta) + " host " + o.hostname + (o.system_authorities ? " system" : "") +
          refs_text("authority", o.authorities, "ConfigMap") + list_text("names", o.alternative_names) + "\n";
  for (const TlsPolicyTarget& target : o.targets)
    text += "  target " + target.kind + " " + target.name + (target.section_name ? "/" + *target.section_name : "") + "\n";
}

// Which items there are, and nothing of what they hold (architecture.md rule 9).
void append(const CertificateObject& o, std::string& text) {
  text += object_text(o.meta) + (o.type.empty() ? "" : " " + o.type) + (o.certificate ? " tls.crt" : "") + (o.key ? " tls.key" : "") +
          (o.authority ? " ca.crt" : "") + "\n";
}

}  // namespace

void append_gateway(const GatewayObjects& gateway, std::string& text) {
  for (const GatewayClassObject& o : gateway.classes)
    text += object_text(o.meta) + " " + o.controller + (o.parameters ? " parameters " + ref_text(*o.parameters, "") : "") + "\n";
  for (const GatewayObject& o : gateway.gateways) append(o, text);
  for (const ListenerSetObject& o : gateway.listener_sets) {
    text += object_text(o.meta) + " of " + parent_text(o.parent) + "\n";
    for (const ListenerObject& listener : o.listeners) append(listener, text);
  }
  for (const RouteObject& o : gateway.routes) append(o, text);
  for (const ReferenceGrantObject& o : gateway.grants) append(o, text);
  for (const BackendTlsPolicyObject& o : gateway.tls_policies) append(o, text);
  for (const auto* list : {&gateway.secrets, &gateway.config_maps})
    for (const CertificateObject& o : *list) append(o, text);
}

}  // namespace weir::compiler
