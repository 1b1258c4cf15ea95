// Versions that the standard channel does not serve, and kinds that exist only in the experimental one (gateway.md 1).
#include "compiler/api/gateway_versions.h"

#include <algorithm>

#include "compiler/api/gateway_parents.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/readers.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kFields[] = {kApiVersionField, kKindField, kMetadataField,
                             {"spec", Support::Irrelevant, "weir does not simulate this kind"}, kStatusField};
constexpr FieldTable kBackend{"XBackend", kFields};
constexpr FieldTable kTraffic{"XBackendTrafficPolicy", kFields};
constexpr FieldTable kMesh{"XMesh", kFields};

std::string_view version_of(std::string_view api_version) { return api_version.substr(api_version.find('/') + 1); }

bool is_served(const KindInfo& kind, std::string_view version) {
  if (kind.group != kGatewayGroup) return false;
  if (version == "v1") return true;
  constexpr std::string_view kBeta[] = {"GatewayClass", "Gateway", "HTTPRoute", "ReferenceGrant"};
  return version == "v1beta1" && std::find(std::begin(kBeta), std::end(kBeta), kind.kind) != std::end(kBeta);
}

}  // namespace

void check_gateway_version(const Document& document, const KindInfo& kind, ir::Diagnostics& diagnostics) {
  if (kind.group != kGatewayGroup && kind.kind != "XListenerSet") return;
  const std::string api_version = head(document, "apiVersion");
  if (is_served(kind, version_of(api_version))) return;
  const bool renamed = kind.kind == "XListenerSet";
  diagnostics.report({.kind = ir::Code::NotServedVersion, .primary = document.root.find("apiVersion")->span,
                      .detail = std::string(kind.kind) + " at " + show(api_version) +
                                " is not served by the standard channel of the Gateway API",
                      .labels = {}, .notes = {},
                      .fix = std::string("write apiVersion `") + std::string(kGatewayGroup) + "/v1`" +
                             (renamed ? " and kind `ListenerSet`" : ""),
                      .witness = {}});
}

void read_experimental_gateway_kind(const Document& document, GatewayObjects&, ir::Diagnostics& diagnostics) {
  const std::string kind = head(document, "kind");
  const FieldReader top(document.root, kind == "XBackend" ? kBackend : kind == "XMesh" ? kMesh : kTraffic, diagnostics);
  static_cast<void>(read_meta(top, document, kind == "XMesh" ? Scope::Cluster : Scope::Namespaced));
  top.report(ir::Code::NotSimulated, top.span("kind"), "a " + kind + " is read and not simulated: its kind is experimental");
}

std::vector<const FieldTable*> experimental_gateway_tables() { return {&kBackend, &kTraffic, &kMesh}; }

}  // namespace weir::compiler
