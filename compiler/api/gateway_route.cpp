// HTTPRoute (gateway.md 1.1, 1.5, 1.7).
#include "compiler/api/gateway_backend.h"
#include "compiler/api/gateway_filter.h"
#include "compiler/api/gateway_match.h"
#include "compiler/api/gateway_parents.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rule.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/readers.h"

namespace weir::compiler {
namespace {

constexpr FieldTable kHttpRoute{"HTTPRoute", kGatewayObjectFields};
constexpr Field kSpecFields[] = {{"hostnames"}, {"parentRefs"}, {"rules"}, {"useDefaultGateways"}};
constexpr FieldTable kSpec{"HTTPRouteSpec", kSpecFields};

constexpr Field kRuleFields[] = {
    {"backendRefs"},
    {"filters"},
    {"matches"},
    {"name"},
    {"retry", Support::Partly, "checked; a request is answered from its first try"},
    {"sessionPersistence", Support::Partly, "checked; requests belong to no session"},
    {"timeouts"},
};
constexpr FieldTable kRule{"HTTPRouteRule", kRuleFields};

RouteRuleObject read_rule(const Node& node, const ObjectMeta& meta, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRule, diagnostics);
  RouteRuleObject out = default_rule(node.span);
  read_rule_name(reader, out);
  auto matches =
      reader.list<RouteMatchObject>("matches", [&](const Node& item) { return read_http_match(item, diagnostics); });
  if (matches && !matches->empty()) out.matches = std::move(*matches);
  check_count(reader, "matches", out.matches.size(), 64);
  out.filters = read_filters(reader, FilterKinds::Http, meta);
  out.backends = read_backends(reader, FilterKinds::Http, meta);
  check_filters(reader, out);
  if (const Node* timeouts = reader.get("timeouts")) read_timeouts(*timeouts, out, diagnostics);
  read_retry(reader);
  read_session(reader);
  return out;
}

}  // namespace

void read_http_route(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kHttpRoute, diagnostics);
  RouteObject out;
  out.kind = "HTTPRoute";
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (!top.require("spec")) return;
  const FieldReader spec(*top.get("spec"), kSpec, diagnostics);
  read_parents(spec, out);
  read_hostnames(spec, 16, out);
  auto rules = spec.list<RouteRuleObject>("rules", [&](const Node& item) { return read_rule(item, out.meta, diagnostics); });
  // gateway.md 1.1 item 2: without `rules` there is one that matches every path and has no backend.
  out.rules = rules ? std::move(*rules) : std::vector<RouteRuleObject>{default_rule(spec.span())};
  check_rules(spec, out.rules);
  objects.routes.push_back(std::move(out));
}

std::vector<const FieldTable*> http_route_tables() { return {&kHttpRoute, &kSpec, &kRule}; }

}  // namespace weir::compiler
