// What a route or a ListenerSet belongs to (gateway.md 1.1 item 2 and 3, 1.3).
#include "compiler/api/gateway_parents.h"

#include <tuple>

#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kParentFields[] = {{"group"}, {"kind"}, {"name"}, {"namespace"}, {"port"}, {"sectionName"}};
constexpr FieldTable kParent{"ParentReference", kParentFields};
constexpr Field kGatewayFields[] = {{"group"}, {"kind"}, {"name"}, {"namespace"}};
constexpr FieldTable kParentGateway{"ParentGatewayReference", kGatewayFields};

ParentRef to_parent(Target target, ir::Span origin) {
  ParentRef out;
  out.group = std::move(target.group);
  out.kind = std::move(target.kind);
  out.namespace_name = std::move(target.namespace_name);
  out.name = std::move(target.name);
  out.origin = origin;
  return out;
}

ParentRef read_parent(const Node& node, const ObjectMeta& meta, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kParent, diagnostics);
  ParentRef out = to_parent(read_target(reader, {std::string(kGatewayGroup), "Gateway", meta.namespace_name, ""}), node.span);
  if (const auto section = reader.string("sectionName"); section && !section->value.empty()) out.section_name = section->value;
  out.port = port_of(reader);
  if (out.group == kExperimentalGatewayGroup && out.kind == "XListenerSet") {
    out.group = kGatewayGroup;
    out.kind = "ListenerSet";
  }
  if (out.group.empty() && out.kind == "Service")
    reader.report(ir::Code::NotSimulated, node.span,
                  "a parent of kind `Service` is read and not simulated: requests between pods pass no gateway here");
  return out;
}

// gateway.md 3: references to one parent must all have a sectionName (or all a port), no two the same.
bool clash(const ParentRef& a, const ParentRef& b) {
  const auto parent = [](const ParentRef& p) { return std::tie(p.group, p.kind, p.namespace_name, p.name); };
  if (parent(a) != parent(b)) return false;
  if (a.section_name.has_value() != b.section_name.has_value() || a.port.has_value() != b.port.has_value()) return true;
  return a.section_name == b.section_name && a.port == b.port;
}

void check_parents(const std::vector<ParentRef>& parents, ir::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < parents.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (clash(parents[i], parents[j]))
        diagnostics.report({.kind = ir::Code::InvalidValue, .primary = parents[i].origin,
                            .detail = "two parentRefs name the same " + parents[i].kind + " without distinct sectionNames",
                            .labels = {{parents[j].origin, "the other one"}}, .notes = {}, .fix = {}, .witness = {}});
}

}  // namespace

void read_parents(const FieldReader& spec, RouteObject& out) {
  out.parents = spec.list<ParentRef>("parentRefs", [&](const Node& item) {
                        return read_parent(item, out.meta, spec.diagnostics());
                      }).value_or(std::vector<ParentRef>{});
  check_count(spec, "parentRefs", out.parents.size(), 32);
  check_parents(out.parents, spec.diagnostics());
  const auto scope = spec.one_of("useDefaultGateways", {"All", "None"});
  out.default_gateways = scope && scope->value == "All";
}

ParentRef read_parent_gateway(const Node& node, const ObjectMeta& owner, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kParentGateway, diagnostics);
  return to_parent(read_target(reader, {std::string(kGatewayGroup), "Gateway", owner.namespace_name, ""}), node.span);
}

std::vector<const FieldTable*> parent_tables() { return {&kParent, &kParentGateway}; }

}  // namespace weir::compiler
