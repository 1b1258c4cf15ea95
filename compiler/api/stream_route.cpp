// TLSRoute, TCPRoute and UDPRoute: one rule, which matches every connection (gateway.md 36).
#include "compiler/api/gateway_backend.h"
#include "compiler/api/gateway_parents.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rule.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/readers.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr FieldTable kTlsRoute{"TLSRoute", kGatewayObjectFields};
constexpr FieldTable kTcpRoute{"TCPRoute", kGatewayObjectFields};
constexpr FieldTable kUdpRoute{"UDPRoute", kGatewayObjectFields};
constexpr Field kTlsSpecFields[] = {{"hostnames"}, {"parentRefs"}, {"rules"}, {"useDefaultGateways"}};
constexpr FieldTable kTlsSpec{"TLSRouteSpec", kTlsSpecFields};
constexpr Field kSpecFields[] = {{"parentRefs"}, {"rules"}, {"useDefaultGateways"}};
constexpr FieldTable kTcpSpec{"TCPRouteSpec", kSpecFields};
constexpr FieldTable kUdpSpec{"UDPRouteSpec", kSpecFields};
constexpr Field kRuleFields[] = {{"backendRefs"}, {"name"}};
constexpr FieldTable kTlsRule{"TLSRouteRule", kRuleFields};
constexpr FieldTable kTcpRule{"TCPRouteRule", kRuleFields};
constexpr FieldTable kUdpRule{"UDPRouteRule", kRuleFields};

struct Kind {
  std::string_view name;
  const FieldTable &top, &spec, &rule;
};
constexpr Kind kTls{"TLSRoute", kTlsRoute, kTlsSpec, kTlsRule};
constexpr Kind kTcp{"TCPRoute", kTcpRoute, kTcpSpec, kTcpRule};
constexpr Kind kUdp{"UDPRoute", kUdpRoute, kUdpSpec, kUdpRule};

RouteRuleObject read_rule(const Node& node, const FieldTable& table, const ObjectMeta& meta, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, table, diagnostics);
  RouteRuleObject out = default_rule(node.span);
  read_rule_name(reader, out);
  out.backends = read_backends(reader, {}, meta);
  if (reader.require("backendRefs") && out.backends.empty())
    reader.report(ir::Code::InvalidValue, reader.span("backendRefs"), "1 to 16 `backendRefs` are accepted");
  return out;
}

// gateway.md 3: a TLSRoute has 1 to 1024 host names; at v1alpha2 it could go without.
void read_names(const FieldReader& spec, const Document& document, RouteObject& out) {
  read_hostnames(spec, 1024, out);
  const bool optional = head(document, "apiVersion").ends_with("/v1alpha2");
  if (optional || !spec.require("hostnames")) return;
  if (out.hostnames.empty())
    spec.report(ir::Code::InvalidValue, spec.span("hostnames"), "a TLSRoute has 1 to 1024 `hostnames`");
}

void read_route(const Document& document, const Kind& kind, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kind.top, diagnostics);
  RouteObject out;
  out.kind = kind.name;
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (!top.require("spec")) return;
  const FieldReader spec(*top.get("spec"), kind.spec, diagnostics);
  read_parents(spec, out);
  if (&kind == &kTls) read_names(spec, document, out);
  auto rules = spec.list<RouteRuleObject>("rules", [&](const Node& item) {
    return read_rule(item, kind.rule, out.meta, diagnostics);
  });
  if (spec.require("rules") && rules && rules->size() != 1)
    spec.report(ir::Code::InvalidValue, spec.span("rules"), "a " + out.kind + " has exactly one rule");
  if (rules) out.rules = std::move(*rules);
  objects.routes.push_back(std::move(out));
}

}  // namespace

void read_tls_route(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  read_route(document, kTls, objects, diagnostics);
}

void read_tcp_route(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  read_route(document, kTcp, objects, diagnostics);
}

void read_udp_route(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  read_route(document, kUdp, objects, diagnostics);
}

std::vector<const FieldTable*> stream_route_tables() {
  return {&kTlsRoute, &kTlsSpec, &kTlsRule, &kTcpRoute, &kTcpSpec, &kTcpRule, &kUdpRoute, &kUdpSpec, &kUdpRule};
}

}  // namespace weir::compiler
