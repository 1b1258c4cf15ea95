// backendRefs (gateway.md 1.1 item 2 and 3, 1.7).
#include "compiler/api/gateway_backend.h"

#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_tables.h"

namespace weir::compiler {
namespace {

constexpr Field kBackendFields[] = {{"filters"}, {"group"}, {"kind"}, {"name"}, {"namespace"}, {"port"}, {"weight"}};
constexpr FieldTable kHttp{"HTTPBackendRef", kBackendFields};
constexpr FieldTable kGrpc{"GRPCBackendRef", kBackendFields};
constexpr Field kPlainFields[] = {{"group"}, {"kind"}, {"name"}, {"namespace"}, {"port"}, {"weight"}};
constexpr FieldTable kPlain{"BackendRef", kPlainFields};

BackendRef read_backend(const Node& node, std::optional<FilterKinds> filters, const ObjectMeta& route, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, !filters ? kPlain : *filters == FilterKinds::Http ? kHttp : kGrpc, diagnostics);
  Target target = read_target(reader, {"", "Service", route.namespace_name, ""});
  BackendRef out;
  out.group = std::move(target.group);
  out.kind = std::move(target.kind);
  out.namespace_name = std::move(target.namespace_name);
  out.name = std::move(target.name);
  out.origin = node.span;
  out.port = port_of(reader);
  if (const auto weight = reader.integer("weight", 0, 1000000)) out.weight = static_cast<std::uint32_t>(weight->value);
  if (out.group.empty() && out.kind == "Service") reader.require("port");
  if (filters) out.filters = read_filters(reader, *filters, route);
  return out;
}

}  // namespace

std::vector<BackendRef> read_backends(const FieldReader& rule, std::optional<FilterKinds> filters, const ObjectMeta& route) {
  auto out = rule.list<BackendRef>("backendRefs", [&](const Node& item) {
                   return read_backend(item, filters, route, rule.diagnostics());
                 }).value_or(std::vector<BackendRef>{});
  check_count(rule, "backendRefs", out.size(), 16);
  return out;
}

std::vector<const FieldTable*> backend_tables() { return {&kHttp, &kGrpc, &kPlain}; }

}  // namespace weir::compiler
