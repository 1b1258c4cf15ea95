// spec.tls of a Gateway (gateway.md 38).
#include "compiler/api/gateway_tls.h"

#include <set>

#include "compiler/api/gateway_listener.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kTlsFields[] = {{"backend"}, {"frontend"}};
constexpr FieldTable kTls{"GatewayTLSConfig", kTlsFields};
constexpr Field kBackendFields[] = {{"clientCertificateRef"}};
constexpr FieldTable kBackend{"GatewayBackendTLS", kBackendFields};
constexpr Field kFrontendFields[] = {{"default"}, {"perPort"}};
constexpr FieldTable kFrontend{"FrontendTLSConfig", kFrontendFields};
constexpr Field kConfigFields[] = {{"validation"}};
constexpr FieldTable kConfig{"TLSConfig", kConfigFields};
constexpr Field kPortFields[] = {{"port"}, {"tls"}};
constexpr FieldTable kPort{"TLSPortConfig", kPortFields};
constexpr Field kValidationFields[] = {{"caCertificateRefs"}, {"mode"}};
constexpr FieldTable kValidation{"FrontendTLSValidation", kValidationFields};
constexpr Field kRefFields[] = {{"group"}, {"kind"}, {"name"}, {"namespace"}};
constexpr FieldTable kRef{"ObjectReference", kRefFields};

ObjectRef read_authority(const Node& node, const ObjectMeta& owner, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRef, diagnostics);
  return to_ref(read_target(reader, {"", "", owner.namespace_name, ""}), node.span);
}

/// False: it asks nothing of clients.
bool read_validation(const Node& node, const ObjectMeta& owner, FrontendTls& out, ir::Diagnostics& diagnostics) {
  const FieldReader config(node, kConfig, diagnostics);
  out.origin = node.span;
  const Node* validation = config.get("validation");
  if (validation == nullptr) return false;
  const FieldReader reader(*validation, kValidation, diagnostics);
  out.authorities = reader.list<ObjectRef>("caCertificateRefs", [&](const Node& item) {
                            return read_authority(item, owner, diagnostics);
                          }).value_or(std::vector<ObjectRef>{});
  if (reader.require("caCertificateRefs") && (out.authorities.empty() || out.authorities.size() > 8))
    reader.report(ir::Code::InvalidValue, reader.span("caCertificateRefs"), "1 to 8 `caCertificateRefs` are accepted");
  const auto mode = reader.one_of("mode", {"AllowValidOnly", "AllowInsecureFallback"});
  out.insecure_fallback = mode && mode->value == "AllowInsecureFallback";
  return true;
}

FrontendTls read_port(const Node& node, const ObjectMeta& owner, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kPort, diagnostics);
  FrontendTls out;
  reader.require("port");
  out.port = port_of(reader).value_or(0);
  if (reader.require("tls")) static_cast<void>(read_validation(*reader.get("tls"), owner, out, diagnostics));
  return out;
}

void read_frontend(const Node& node, GatewayObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kFrontend, diagnostics);
  FrontendTls otherwise;
  if (reader.require("default") && read_validation(*reader.get("default"), out.meta, otherwise, diagnostics))
    out.frontend.push_back(std::move(otherwise));
  auto ports = reader.list<FrontendTls>("perPort", [&](const Node& item) { return read_port(item, out.meta, diagnostics); })
                   .value_or(std::vector<FrontendTls>{});
  check_count(reader, "perPort", ports.size(), 64);
  std::set<std::uint16_t> seen;
  for (FrontendTls& port : ports) {
    if (!seen.insert(*port.port).second)
      reader.report(ir::Code::InvalidValue, reader.span("perPort"), "port " + std::to_string(*port.port) + " stands here twice");
    out.frontend.push_back(std::move(port));
  }
}

}  // namespace

void read_gateway_tls(const Node& node, GatewayObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader tls(node, kTls, diagnostics);
  if (const Node* frontend = tls.get("frontend")) read_frontend(*frontend, out, diagnostics);
  const Node* backend = tls.get("backend");
  if (backend == nullptr) return;
  const FieldReader reader(*backend, kBackend, diagnostics);
  if (const Node* ref = reader.get("clientCertificateRef")) out.client_certificate = read_secret_ref(*ref, out.meta, diagnostics);
}

std::vector<const FieldTable*> gateway_tls_tables() {
  return {&kTls, &kFrontend, &kConfig, &kPort, &kValidation, &kRef, &kBackend};
}

}  // namespace weir::compiler
