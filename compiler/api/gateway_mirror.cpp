// Filters that name another object: RequestMirror, ExtensionRef, ExternalAuth (gateway.md 27, 28).
#include "compiler/api/gateway_filter_parts.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kMirrorFields[] = {{"backendRef"}, {"fraction"}, {"percent"}};
constexpr FieldTable kMirror{"HTTPRequestMirrorFilter", kMirrorFields};
constexpr Field kRefFields[] = {{"group"}, {"kind"}, {"name"}, {"namespace"}, {"port"}};
constexpr FieldTable kRef{"BackendObjectReference", kRefFields};
constexpr Field kFractionFields[] = {{"denominator"}, {"numerator"}};
constexpr FieldTable kFraction{"Fraction", kFractionFields};
constexpr Field kExtensionFields[] = {{"group"}, {"kind"}, {"name"}};
constexpr FieldTable kExtension{"ExtensionRef", kExtensionFields};
constexpr Field kAuthFields[] = {{"backendRef"}, {"forwardBody", Support::Irrelevant}, {"grpc"}, {"http"}, {"protocol"}};
constexpr FieldTable kAuth{"HTTPExternalAuthFilter", kAuthFields};

struct Backend {
  Target target;
  std::optional<std::uint16_t> port;
};

Backend read_backend(const Node& node, const ObjectMeta& route, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRef, diagnostics);
  Backend out{read_target(reader, {"", "Service", route.namespace_name, ""}), port_of(reader)};
  if (out.target.group.empty() && out.target.kind == "Service") reader.require("port");
  return out;
}

// The numerator is not the greater one; of 100 when nothing else is said (gateway.md 2).
void read_fraction(const Node& node, MirrorObject& out, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kFraction, diagnostics);
  reader.require("numerator");
  const auto numerator = reader.integer("numerator", 0, 2147483647);
  const auto denominator = reader.integer("denominator", 1, 2147483647);
  out.numerator = numerator ? static_cast<std::uint32_t>(numerator->value) : 0;
  if (denominator) out.denominator = static_cast<std::uint32_t>(denominator->value);
  if (out.numerator > out.denominator)
    reader.report(ir::Code::InvalidValue, node.span, "`numerator` must not be above `denominator`");
}

}  // namespace

MirrorObject read_mirror(const Node& node, const ObjectMeta& route, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kMirror, diagnostics);
  MirrorObject out;
  if (reader.require("backendRef")) {
    Backend backend = read_backend(*reader.get("backendRef"), route, diagnostics);
    out.group = std::move(backend.target.group);
    out.kind = std::move(backend.target.kind);
    out.namespace_name = std::move(backend.target.namespace_name);
    out.name = std::move(backend.target.name);
    out.port = backend.port;
  }
  if (const auto percent = reader.integer("percent", 0, 100)) out.numerator = static_cast<std::uint32_t>(percent->value);
  if (const Node* fraction = reader.get("fraction")) read_fraction(*fraction, out, diagnostics);
  if (reader.has("percent") && reader.has("fraction"))
    reader.report(ir::Code::ExclusiveFields, reader.span("percent"), "`percent` and `fraction` exclude each other");
  return out;
}

ExtensionObject read_extension(const Node& node, const ObjectMeta& route, ir::Diagnostics& diagnostics) {
  Target target = read_target(FieldReader(node, kExtension, diagnostics), {});
  target.namespace_name = route.namespace_name;
  return {to_ref(std::move(target), node.span), false};
}

ExtensionObject read_external_auth(const Node& node, const ObjectMeta& route, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kAuth, diagnostics);
  ExtensionObject out;
  out.external_auth = true;
  reader.require("protocol");
  const auto protocol = reader.one_of("protocol", {"GRPC", "HTTP"});
  for (const std::string_view field : {"grpc", "http"}) {
    const bool own = protocol && (protocol->value == "GRPC") == (field == "grpc");
    if (own) reader.require(field);
    if (protocol && !own && reader.has(field))
      reader.report(ir::Code::ExclusiveFields, reader.span(field), "`" + std::string(field) + "` is not for protocol " + protocol->value);
  }
  if (reader.require("backendRef"))
    out.ref = to_ref(read_backend(*reader.get("backendRef"), route, diagnostics).target, node.span);
  return out;
}

std::vector<const FieldTable*> mirror_tables() { return {&kMirror, &kRef, &kFraction, &kExtension, &kAuth}; }

}  // namespace weir::compiler
