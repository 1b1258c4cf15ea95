// The Secrets and ConfigMaps of gateways (gateway.md 37 to 39). Their text is kept and never shown (architecture.md rule 9).
#include "compiler/api/certificates.h"

#include <algorithm>

#include "compiler/api/mesh_tables.h"

namespace weir::compiler {
namespace {

constexpr std::string_view kAuthority = "ca.crt";

void add(const ObjectRef& ref, std::string_view kind, std::set<ir::SecretName>& out) {
  if (ref.group.empty() && ref.kind == kind && !ref.name.empty()) out.insert({ref.namespace_name, ref.name});
}

std::set<ir::SecretName> names(const GatewayObjects& objects, std::string_view kind) {
  std::set<ir::SecretName> out;
  const auto add_listeners = [&](const auto& owners) {
    for (const auto& owner : owners)
      for (const ListenerObject& listener : owner.listeners)
        if (listener.tls)
          for (const ObjectRef& ref : listener.tls->certificates) add(ref, kind, out);
  };
  add_listeners(objects.gateways);
  add_listeners(objects.listener_sets);
  for (const GatewayObject& gateway : objects.gateways) {
    if (gateway.client_certificate) add(*gateway.client_certificate, kind, out);
    for (const FrontendTls& frontend : gateway.frontend)
      for (const ObjectRef& ref : frontend.authorities) add(ref, kind, out);
  }
  for (const BackendTlsPolicyObject& policy : objects.tls_policies)
    for (const ObjectRef& ref : policy.authorities) add(ref, kind, out);
  return out;
}

std::optional<std::string> item(const StringMap& items, std::string_view key) {
  const auto at = items.find(std::string(key));
  return at == items.end() ? std::nullopt : std::optional(at->second);
}

}  // namespace

std::set<ir::SecretName> gateway_secret_names(const GatewayObjects& objects) { return names(objects, "Secret"); }
std::set<ir::SecretName> gateway_config_map_names(const GatewayObjects& objects) { return names(objects, "ConfigMap"); }

namespace {

/// Of the data only `ca.crt`, of the metadata not the annotations, which may hold all of it again.
void erase_rest(std::string_view field, Node& node) {
  std::erase_if(node.entries, [&](const auto& one) {
    return field == "data" ? one.first.text != kAuthority : one.first.text == "annotations" || one.first.text == "managedFields";
  });
}

}  // namespace

Document certificates_of(const Document& document) {
  Document out{{}, document.cluster, document.readable};
  out.root.kind = document.root.kind;
  out.root.span = document.root.span;
  for (const auto& entry : document.root.entries) {
    if (entry.first.text == "binaryData") continue;
    out.root.entries.push_back(entry);
    if (entry.first.text == "data" || entry.first.text == "metadata") erase_rest(entry.first.text, out.root.entries.back().second);
  }
  return out;
}

CertificateObject read_config_map(const Document& document, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, *config_tables().front(), diagnostics);
  CertificateObject out;
  out.meta = read_meta(top, document, Scope::Namespaced);
  out.authority = item(top.string_map("data").value_or(StringMap{}), kAuthority);
  return out;
}

CertificateObject to_certificate(const SecretItems& secret) {
  return {secret.meta, secret.type, item(secret.items, "tls.crt"), item(secret.items, "tls.key"), item(secret.items, kAuthority)};
}

}  // namespace weir::compiler
