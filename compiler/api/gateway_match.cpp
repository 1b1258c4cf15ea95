#include "compiler/api/gateway_match.h"
#include "compiler/api/gateway_tables.h"

#include <algorithm>

#include "compiler/api/gateway_rules.h"
#include "compiler/api/reader.h"
#include "ir/base/code.h"
#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

constexpr Field kMatchFields[] = {{"headers"}, {"method"}, {"path"}, {"queryParams"}};
constexpr FieldTable kMatch{"HTTPRouteMatch", kMatchFields};
constexpr Field kPathFields[] = {{"type"}, {"value"}};
constexpr FieldTable kPath{"HTTPPathMatch", kPathFields};
constexpr Field kValueFields[] = {{"name"}, {"type"}, {"value"}};
constexpr FieldTable kHeader{"HTTPHeaderMatch", kValueFields};
constexpr FieldTable kQuery{"HTTPQueryParamMatch", kValueFields};

ir::PathMatch read_path(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kPath, diagnostics);
  ir::PathMatch out;
  const auto type = reader.one_of("type", {"Exact", "PathPrefix", "RegularExpression"});
  if (type && type->value == "Exact") out.kind = ir::PathKind::Exact;
  if (type && type->value == "RegularExpression") out.kind = ir::PathKind::Regex;
  const auto value = reader.string("value");
  if (!value) return out;
  out.value = value->value;
  const std::string problem = out.kind == ir::PathKind::Regex
                                  ? std::string(out.value.size() > 1024 ? "is longer than 1024 characters" : "")
                                  : path_problem(out.value);
  if (!problem.empty())
    reader.report(ir::Code::InvalidValue, value->span, "the path " + show(out.value) + " " + problem);
  return out;
}

ir::ValueMatch read_value(const Node& node, const FieldTable& table, std::size_t longest, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, table, diagnostics);
  ir::ValueMatch out;
  const auto type = reader.one_of("type", {"Exact", "RegularExpression"});
  if (type && type->value == "RegularExpression") out.kind = ir::ValueKind::Regex;
  reader.require("name");
  reader.require("value");
  if (const auto name = reader.string("name")) {
    out.name = name->value;
    if (!is_header_name(out.name))
      reader.report(ir::Code::InvalidValue, name->span, show(out.name) + " cannot be the name of a header or parameter");
  }
  if (const auto value = reader.string("value")) {
    out.value = value->value;
    if (out.value.empty() || out.value.size() > longest)
      reader.report(ir::Code::InvalidValue, value->span, "`value` must have 1 to " + std::to_string(longest) + " characters");
  }
  return out;
}

/// A list whose elements the API server knows by name: at most 16, no name twice.
std::vector<ir::ValueMatch> read_values(const FieldReader& match, std::string_view field, const FieldTable& table,
                                        std::size_t longest) {
  auto values = match.list<ir::ValueMatch>(
                         field, [&](const Node& item) { return read_value(item, table, longest, match.diagnostics()); })
                    .value_or(std::vector<ir::ValueMatch>{});
  if (values.size() > 16)
    match.report(ir::Code::InvalidValue, match.span(field), "at most 16 `" + std::string(field) + "` are accepted");
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (values[i].name == values[j].name)
        match.report(ir::Code::InvalidValue, match.span(field), show(values[i].name) + " stands here twice");
  return values;
}

}  // namespace

// gateway.md 21: of equivalent names the first counts, later ones are ignored; header names have no case.
std::vector<ir::ValueMatch> read_header_matches(const FieldReader& match) {
  std::vector<ir::ValueMatch> kept;
  for (ir::ValueMatch& header : read_values(match, "headers", kHeader, 4096)) {
    header.name = ir::lower(header.name);
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const auto& h) { return h.name == header.name; });
    if (!known) kept.push_back(std::move(header));
  }
  return kept;
}

RouteMatchObject read_http_match(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kMatch, diagnostics);
  RouteMatchObject out{.match = {}, .origin = node.span};
  if (const Node* path = reader.get("path")) out.match.path = read_path(*path, diagnostics);
  out.match.headers = read_header_matches(reader);
  out.match.query = read_values(reader, "queryParams", kQuery, 1024);
  const auto method =
      reader.one_of("method", {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"});
  if (method) out.match.method = method->value;
  return out;
}

std::vector<const FieldTable*> http_match_tables() {
  return {&kMatch, &kPath, &kHeader, &kQuery};
}

}  // namespace weir::compiler
