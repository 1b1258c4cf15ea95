// Filters of HTTPRoute and GRPCRoute (gateway.md 1.6, and the rules of 1.1 item 3).
#include "compiler/api/gateway_filter.h"

#include <algorithm>
#include <array>

#include "compiler/api/gateway_filter_parts.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kHttpFields[] = {{"cors"},          {"extensionRef"},    {"externalAuth"},           {"requestHeaderModifier"},
                                 {"requestMirror"}, {"requestRedirect"}, {"responseHeaderModifier"}, {"type"}, {"urlRewrite"}};
constexpr FieldTable kHttpFilter{"HTTPRouteFilter", kHttpFields};
constexpr Field kGrpcFields[] = {{"extensionRef"}, {"requestHeaderModifier"}, {"requestMirror"}, {"responseHeaderModifier"}, {"type"}};
constexpr FieldTable kGrpcFilter{"GRPCRouteFilter", kGrpcFields};

/// A type of filter, the field that belongs to it, and whether a list may hold it more than once.
struct Type {
  std::string_view name, field;
  bool grpc = false, repeatable = false;
};
constexpr std::array kTypes = {
    Type{"RequestHeaderModifier", "requestHeaderModifier", true},
    Type{"ResponseHeaderModifier", "responseHeaderModifier", true},
    Type{"RequestMirror", "requestMirror", true, true},
    Type{"RequestRedirect", "requestRedirect"},
    Type{"URLRewrite", "urlRewrite"},
    Type{"CORS", "cors"},
    Type{"ExtensionRef", "extensionRef", true, true},
    Type{"ExternalAuth", "externalAuth"},
};

void read_what(const Node& node, std::string_view type, const ObjectMeta& route, FilterObject& out, ir::Diagnostics& diagnostics) {
  if (type == "RequestHeaderModifier") out.what = ir::RequestHeaders{read_header_edit(node, out.unknown, diagnostics)};
  if (type == "ResponseHeaderModifier") out.what = ir::ResponseHeaders{read_header_edit(node, out.unknown, diagnostics)};
  if (type == "RequestMirror") out.what = read_mirror(node, route, diagnostics);
  if (type == "RequestRedirect") out.what = read_redirect(node, diagnostics);
  if (type == "URLRewrite") out.what = read_rewrite(node, diagnostics);
  if (type == "CORS") out.what = read_cors(node, diagnostics);
  if (type == "ExtensionRef") out.what = read_extension(node, route, diagnostics);
  if (type == "ExternalAuth") out.what = read_external_auth(node, route, diagnostics);
}

struct Read {
  FilterObject filter;
  std::string type;
};

// The field of its type has to be there, and no other one.
Read read_filter(const Node& node, FilterKinds kinds, const ObjectMeta& route, ir::Diagnostics& diagnostics) {
  const bool grpc = kinds == FilterKinds::Grpc;
  const FieldReader reader(node, grpc ? kGrpcFilter : kHttpFilter, diagnostics);
  Read out;
  out.filter.origin = node.span;
  if (!reader.require("type")) return out;
  out.type = text_of(reader, "type");
  bool known = false;
  for (const Type& type : kTypes) {
    if (grpc && !type.grpc) continue;
    const Node* value = reader.get(type.field);
    const bool own = type.name == out.type;
    known = known || own;
    if (own && value != nullptr) read_what(*value, type.name, route, out.filter, diagnostics);
    if (own && value == nullptr) reader.require(type.field);
    if (!own && value != nullptr)
      reader.report(ir::Code::ExclusiveFields, value->span,
                    "`" + std::string(type.field) + "` is not for a filter of type " + show(out.type));
  }
  if (!known) out.filter.unknown = "there is no filter of type " + show(out.type);
  return out;
}

// gateway.md 3: Mirror and ExtensionRef may be repeated; a request is redirected or rewritten.
void check_types(const FieldReader& reader, const std::vector<Read>& filters) {
  const auto count = [&](std::string_view name) {
    return std::count_if(filters.begin(), filters.end(), [&](const Read& r) { return r.type == name; });
  };
  for (const Type& type : kTypes)
    if (!type.repeatable && count(type.name) > 1)
      reader.report(ir::Code::InvalidValue, reader.span("filters"),
                    "a filter of type " + std::string(type.name) + " may stand here once");
  if (count("RequestRedirect") > 0 && count("URLRewrite") > 0)
    reader.report(ir::Code::ExclusiveFields, reader.span("filters"), "a request is redirected or rewritten, not both");
}

/// The path edit of a redirect or rewrite, else null.
const ir::PathEdit* path_edit(const FilterObject& filter) {
  const auto of = [](const auto* what) { return what && what->path ? &*what->path : nullptr; };
  const ir::PathEdit* edit = of(std::get_if<ir::RequestRedirect>(&filter.what));
  return edit ? edit : of(std::get_if<ir::UrlRewrite>(&filter.what));
}

void check_prefix(const FieldReader& rule, const RouteRuleObject& object, const FilterObject& filter) {
  const ir::PathEdit* edit = path_edit(filter);
  if (!edit || edit->kind != ir::PathEditKind::Prefix) return;
  if (object.matches.size() == 1 && object.matches[0].match.path.kind == ir::PathKind::Prefix) return;
  rule.report(ir::Code::InvalidValue, filter.origin, "`replacePrefixMatch` needs a rule with exactly one match, of type PathPrefix");
}

}  // namespace

std::vector<FilterObject> read_filters(const FieldReader& reader, FilterKinds kinds, const ObjectMeta& route) {
  auto filters = reader.list<Read>("filters", [&](const Node& item) {
                         return read_filter(item, kinds, route, reader.diagnostics());
                       }).value_or(std::vector<Read>{});
  check_count(reader, "filters", filters.size(), 16);
  check_types(reader, filters);
  std::vector<FilterObject> out;
  for (Read& read : filters) out.push_back(std::move(read.filter));
  return out;
}

void check_filters(const FieldReader& rule, const RouteRuleObject& object) {
  for (const FilterObject& filter : object.filters) {
    check_prefix(rule, object, filter);
    if (!object.backends.empty() && std::holds_alternative<ir::RequestRedirect>(filter.what))
      rule.report(ir::Code::ExclusiveFields, filter.origin, "a rule that redirects has no `backendRefs`");
  }
  for (const BackendRef& backend : object.backends)
    for (const FilterObject& filter : backend.filters) check_prefix(rule, object, filter);
}

std::vector<const FieldTable*> filter_tables() { return {&kHttpFilter, &kGrpcFilter}; }

}  // namespace weir::compiler
