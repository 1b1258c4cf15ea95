// GRPCRoute (gateway.md 35).
#include "compiler/api/gateway_backend.h"
#include "compiler/api/gateway_filter.h"
#include "compiler/api/gateway_match.h"
#include "compiler/api/gateway_parents.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rule.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/readers.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr FieldTable kGrpcRoute{"GRPCRoute", kGatewayObjectFields};
constexpr Field kSpecFields[] = {{"hostnames"}, {"parentRefs"}, {"rules"}, {"useDefaultGateways"}};
constexpr FieldTable kSpec{"GRPCRouteSpec", kSpecFields};
constexpr Field kRuleFields[] = {
    {"backendRefs"}, {"filters"}, {"matches"}, {"name"},
    {"sessionPersistence", Support::Partly, "checked; requests belong to no session"},
};
constexpr FieldTable kRule{"GRPCRouteRule", kRuleFields};
constexpr Field kMatchFields[] = {{"headers"}, {"method"}};
constexpr FieldTable kMatch{"GRPCRouteMatch", kMatchFields};
constexpr Field kMethodFields[] = {{"method"}, {"service"}, {"type"}};
constexpr FieldTable kMethod{"GRPCMethodMatch", kMethodFields};

// Exact names are those of protobuf; a regular expression may be anything that RE2 reads.
std::string read_name(const FieldReader& reader, std::string_view field, bool regex, bool (*good)(std::string_view)) {
  const auto text = reader.string(field);
  if (!text) return {};
  if (text->value.size() > 1024)
    reader.report(ir::Code::InvalidValue, text->span, "`" + std::string(field) + "` is longer than 1024 characters");
  else if (!regex && !text->value.empty() && !good(text->value))
    reader.report(ir::Code::InvalidValue, text->span, show(text->value) + " cannot be a gRPC " + std::string(field));
  return text->value;
}

ir::GrpcMatch read_method(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kMethod, diagnostics);
  ir::GrpcMatch out;
  const auto type = reader.one_of("type", {"Exact", "RegularExpression"});
  const bool regex = type && type->value == "RegularExpression";
  if (regex) out.kind = ir::ValueKind::Regex;
  out.service = read_name(reader, "service", regex, is_grpc_service);
  out.method = read_name(reader, "method", regex, is_grpc_method);
  // gateway.md 35: one of the two has to be there.
  if (out.service.empty() && out.method.empty())
    reader.report(ir::Code::MissingField, node.span, "GRPCMethodMatch needs `service` or `method`");
  return out;
}

RouteMatchObject read_match(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kMatch, diagnostics);
  RouteMatchObject out{.match = {}, .origin = node.span};
  if (const Node* method = reader.get("method")) out.match.grpc = read_method(*method, diagnostics);
  out.match.headers = read_header_matches(reader);
  return out;
}

RouteRuleObject read_rule(const Node& node, const ObjectMeta& meta, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kRule, diagnostics);
  RouteRuleObject out = default_rule(node.span);
  read_rule_name(reader, out);
  auto matches = reader.list<RouteMatchObject>("matches", [&](const Node& item) { return read_match(item, diagnostics); });
  if (matches && !matches->empty()) out.matches = std::move(*matches);
  check_count(reader, "matches", out.matches.size(), 64);
  out.filters = read_filters(reader, FilterKinds::Grpc, meta);
  out.backends = read_backends(reader, FilterKinds::Grpc, meta);
  read_session(reader);
  return out;
}

}  // namespace

void read_grpc_route(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kGrpcRoute, diagnostics);
  RouteObject out;
  out.kind = "GRPCRoute";
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (!top.require("spec")) return;
  const FieldReader spec(*top.get("spec"), kSpec, diagnostics);
  read_parents(spec, out);
  read_hostnames(spec, 16, out);
  out.rules = spec.list<RouteRuleObject>("rules", [&](const Node& item) {
                    return read_rule(item, out.meta, diagnostics);
                  }).value_or(std::vector<RouteRuleObject>{});
  check_rules(spec, out.rules);
  objects.routes.push_back(std::move(out));
}

std::vector<const FieldTable*> grpc_route_tables() { return {&kGrpcRoute, &kSpec, &kRule, &kMatch, &kMethod}; }

}  // namespace weir::compiler
