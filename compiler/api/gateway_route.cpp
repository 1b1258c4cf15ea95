// HTTPRoute (gateway.md 1.1, 1.5, 1.7).
#include <algorithm>
#include <tuple>

#include "compiler/api/gateway.h"
#include "compiler/api/gateway_match.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/readers.h"

namespace weir::compiler {
namespace {

constexpr Field kRouteFields[] = {kApiVersionField, kKindField, kMetadataField, {"spec"}, kStatusField};
constexpr FieldTable kHttpRoute{"HTTPRoute", kRouteFields};

constexpr Field kSpecFields[] = {
    {"hostnames"},
    {"parentRefs"},
    {"rules"},
    {"useDefaultGateways", Support::Unsupported, "it attaches the route to gateways it does not name"},
};
constexpr FieldTable kSpec{"HTTPRouteSpec", kSpecFields};

constexpr Field kParentFields[] = {{"group"}, {"kind"}, {"name"}, {"namespace"}, {"port"}, {"sectionName"}};
constexpr FieldTable kParent{"ParentReference", kParentFields};

constexpr Field kRuleFields[] = {
    {"backendRefs"},
    {"filters", Support::Unsupported, "a filter changes the request, answers it or copies it", true},
    {"matches"},
    {"name", Support::Irrelevant},
    {"retry", Support::Unsupported},
    {"sessionPersistence", Support::Unsupported, "it overrides the weights"},
    {"timeouts", Support::Unsupported, {}, true},
};
constexpr FieldTable kRule{"HTTPRouteRule", kRuleFields};

constexpr Field kBackendFields[] = {
    {"filters", Support::Unsupported, "a filter changes the request, answers it or copies it", true},
    {"group"},
    {"kind"},
    {"name"},
    {"namespace"},
    {"port"},
    {"weight"},
};
constexpr FieldTable kBackend{"HTTPBackendRef", kBackendFields};

std::string text_of(const FieldReader& reader, std::string_view field, std::string_view otherwise = {}) {
  const auto text = reader.string(field);
  return text ? text->value : std::string(otherwise);
}

std::optional<std::uint16_t> port_of(const FieldReader& reader) {
  const auto port = reader.integer("port", 1, 65535);
  return port ? std::optional(static_cast<std::uint16_t>(port->value)) : std::nullopt;
}

ParentRef read_parent(const Node& node, const ObjectMeta& meta, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kParent, diagnostics);
  reader.require("name");
  ParentRef out;
  out.origin = node.span;
  out.group = text_of(reader, "group", kGatewayGroup);
  out.kind = text_of(reader, "kind", "Gateway");
  out.namespace_name = text_of(reader, "namespace", meta.namespace_name);
  out.name = text_of(reader, "name");
  if (const auto section = reader.string("sectionName")) out.section_name = section->value;
  out.port = port_of(reader);
  if (out.group != kGatewayGroup || out.kind != "Gateway")
    reader.report(ir::Code::UnsupportedField, node.span,
                  "a parent of kind " + show(out.kind) + " is not honoured yet: only a Gateway can be one");
  return out;
}

// gateway.md 3: several references to one Gateway need distinct sectionNames (or ports).
void check_parents(const std::vector<ParentRef>& parents, ir::Diagnostics& diagnostics) {
  const auto parent = [](const ParentRef& p) { return std::tie(p.group, p.kind, p.namespace_name, p.name); };
  const auto part = [](const ParentRef& p) { return std::tie(p.section_name, p.port); };
  for (std::size_t i = 0; i < parents.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (parent(parents[i]) != parent(parents[j])) continue;
      const bool whole = !parents[i].section_name && !parents[i].port;
      const bool other_whole = !parents[j].section_name && !parents[j].port;
      if (!whole && !other_whole && part(parents[i]) != part(parents[j])) continue;
      diagnostics.report({.kind = ir::Code::InvalidValue, .primary = parents[i].origin,
                          .detail = "two parentRefs name the same Gateway without distinct sectionNames",
                          .labels = {{parents[j].origin, "the other one"}}, .notes = {}, .fix = {}, .witness = {}});
    }
  }
}

BackendRef read_backend(const Node& node, const ObjectMeta& meta, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kBackend, diagnostics);
  reader.require("name");
  BackendRef out;
  out.origin = node.span;
  out.group = text_of(reader, "group");
  out.kind = text_of(reader, "kind", "Service");
  out.namespace_name = text_of(reader, "namespace", meta.namespace_name);
  out.name = text_of(reader, "name");
  out.port = port_of(reader);
  if (const auto weight = reader.integer("weight", 0, 1000000)) out.weight = static_cast<std::uint32_t>(weight->value);
  if (out.group.empty() && out.kind == "Service") reader.require("port");
  if (out.kind == "ServiceImport")
    reader.report(ir::Code::UnsupportedField, node.span, "a backend of kind `ServiceImport` is not honoured yet");
  return out;
}

template <class T>
void check_count(const FieldReader& reader, std::string_view field, const std::vector<T>& list, std::size_t most) {
  if (list.size() > most)
    reader.report(ir::Code::InvalidValue, reader.span(field),
                  "at most " + std::to_string(most) + " `" + std::string(field) + "` are accepted");
}

RouteRuleObject default_rule(ir::Span origin) {
  RouteRuleObject rule;
  rule.matches = {{.match = {}, .origin = origin}};
  rule.origin = origin;
  return rule;
}

RouteRuleObject read_rule(const Node& node, const ObjectMeta& meta, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRule, diagnostics);
  RouteRuleObject out = default_rule(node.span);
  auto matches =
      reader.list<RouteMatchObject>("matches", [&](const Node& item) { return read_http_match(item, diagnostics); });
  if (matches && !matches->empty()) out.matches = std::move(*matches);
  out.backends = reader.list<BackendRef>("backendRefs", [&](const Node& item) {
                         return read_backend(item, meta, diagnostics);
                       }).value_or(std::vector<BackendRef>{});
  check_count(reader, "matches", out.matches, 64);
  check_count(reader, "backendRefs", out.backends, 16);
  return out;
}

void read_hostnames(const FieldReader& spec, RouteObject& out) {
  out.hostnames = spec.strings("hostnames").value_or(std::vector<Located<std::string>>{});
  check_count(spec, "hostnames", out.hostnames, 16);
  for (const auto& hostname : out.hostnames)
    if (!is_gateway_hostname(hostname.value))
      spec.report(ir::Code::InvalidValue, hostname.span, show(hostname.value) + " is no host name of a route",
                  "write a lower case name, with `*.` in front of it for every name below");
}

void read_rules(const FieldReader& spec, RouteObject& out) {
  auto rules = spec.list<RouteRuleObject>(
      "rules", [&](const Node& item) { return read_rule(item, out.meta, spec.diagnostics()); });
  // gateway.md 1.1 item 2: without `rules` there is one that matches every path and has no backend.
  out.rules = rules ? std::move(*rules) : std::vector<RouteRuleObject>{default_rule(spec.span())};
  check_count(spec, "rules", out.rules, 16);
  std::size_t matches = 0;
  for (const RouteRuleObject& rule : out.rules) matches += rule.matches.size();
  if (matches > 128)
    spec.report(ir::Code::InvalidValue, spec.span("rules"), "at most 128 matches are accepted in one route");
}

}  // namespace

void read_http_route(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kHttpRoute, diagnostics);
  RouteObject out;
  out.kind = "HTTPRoute";
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (!top.require("spec")) return;
  const FieldReader spec(*top.get("spec"), kSpec, diagnostics);
  out.parents = spec.list<ParentRef>("parentRefs", [&](const Node& item) {
                        return read_parent(item, out.meta, diagnostics);
                      }).value_or(std::vector<ParentRef>{});
  check_count(spec, "parentRefs", out.parents, 32);
  check_parents(out.parents, diagnostics);
  read_hostnames(spec, out);
  read_rules(spec, out);
  objects.routes.push_back(std::move(out));
}

std::vector<const FieldTable*> http_route_tables() {
  return {&kHttpRoute, &kSpec, &kParent, &kRule, &kBackend};
}

}  // namespace weir::compiler
