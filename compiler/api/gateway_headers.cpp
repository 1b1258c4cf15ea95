// The header filters and CORS (gateway.md 24, 28).
#include <algorithm>
#include <set>

#include "compiler/api/gateway_filter_parts.h"
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "ir/base/code.h"
#include "ir/route/hostname.h"

namespace weir::compiler {
namespace {

constexpr Field kEditFields[] = {{"add"}, {"remove"}, {"set"}};
constexpr FieldTable kEdit{"HTTPHeaderFilter", kEditFields};
constexpr Field kHeaderFields[] = {{"name"}, {"value"}};
constexpr FieldTable kHeader{"HTTPHeader", kHeaderFields};
constexpr Field kCorsFields[] = {{"allowCredentials"}, {"allowHeaders"}, {"allowMethods"}, {"allowOrigins"}, {"exposeHeaders"}, {"maxAge"}};
constexpr FieldTable kCors{"HTTPCORSFilter", kCorsFields};

void check_header(const FieldReader& reader, const Located<std::string>& name) {
  if (!is_header_name(name.value))
    reader.report(ir::Code::InvalidValue, name.span, show(name.value) + " cannot be the name of a header");
}

std::pair<std::string, std::string> read_header(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kHeader, diagnostics);
  for (const std::string_view field : {"name", "value"}) reader.require(field);
  if (const auto name = reader.string("name")) check_header(reader, *name);
  const auto value = reader.string("value");
  if (value && (value->value.empty() || value->value.size() > 4096))
    reader.report(ir::Code::InvalidValue, value->span, "`value` must have 1 to 4096 characters");
  return {text_of(reader, "name"), value ? value->value : ""};
}

/// set or add: the API server knows its entries by name, as written.
ir::HeaderList read_list(const FieldReader& edit, std::string_view field) {
  auto out = edit.list<std::pair<std::string, std::string>>(field, [&](const Node& item) {
                   return read_header(item, edit.diagnostics());
                 }).value_or(ir::HeaderList{});
  check_count(edit, field, out.size(), 16);
  std::set<std::string> names;
  for (const auto& header : out)
    if (!names.insert(header.first).second)
      edit.report(ir::Code::InvalidValue, edit.span(field), show(header.first) + " stands here twice");
  return out;
}

/// A list in which nothing may stand twice.
std::vector<std::string> read_set(const FieldReader& reader, std::string_view field, std::size_t most) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (const auto& text : reader.strings(field).value_or(std::vector<Located<std::string>>{})) {
    if (!seen.insert(text.value).second)
      reader.report(ir::Code::InvalidValue, text.span, show(text.value) + " stands here twice");
    out.push_back(text.value);
  }
  check_count(reader, field, out.size(), most);
  return out;
}

// gateway.md 24: one action for each name, whatever its case.
std::string twice(const ir::HeaderEdit& edit) {
  std::set<std::string> names;
  const auto add = [&](const std::string& name) { return names.insert(ir::lower(name)).second; };
  for (const ir::HeaderList* list : {&edit.set, &edit.add})
    for (const auto& header : *list)
      if (!add(header.first)) return header.first;
  for (const std::string& name : edit.remove)
    if (!add(name)) return name;
  return {};
}

void check_values(const FieldReader& reader, std::string_view field, bool (*good)(std::string_view), std::string_view what) {
  for (const auto& text : reader.strings(field).value_or(std::vector<Located<std::string>>{}))
    if (!good(text.value))
      reader.report(ir::Code::InvalidValue, text.span, show(text.value) + " is no " + std::string(what));
}

bool is_cors_method(std::string_view text) {
  constexpr std::string_view kMethods[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*"};
  return std::find(std::begin(kMethods), std::end(kMethods), text) != std::end(kMethods);
}

// `*` is every value: nothing can stand beside it.
void check_star(const FieldReader& reader, std::string_view field, const std::vector<std::string>& list) {
  if (list.size() > 1 && std::find(list.begin(), list.end(), "*") != list.end())
    reader.report(ir::Code::InvalidValue, reader.span(field), "`*` in `" + std::string(field) + "` stands alone");
}

}  // namespace

ir::HeaderEdit read_header_edit(const Node& node, std::string& unknown, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kEdit, diagnostics);
  ir::HeaderEdit out;
  out.set = read_list(reader, "set");
  out.add = read_list(reader, "add");
  out.remove = read_set(reader, "remove", 16);
  if (const std::string name = twice(out); !name.empty()) unknown = "the header " + show(name) + " has more than one action";
  return out;
}

ir::Cors read_cors(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kCors, diagnostics);
  ir::Cors out;
  out.origins = read_set(reader, "allowOrigins", 64);
  check_values(reader, "allowOrigins", is_cors_origin, "origin of CORS");
  check_star(reader, "allowOrigins", out.origins);
  out.methods = read_set(reader, "allowMethods", 9);
  check_values(reader, "allowMethods", is_cors_method, "method of CORS");
  check_star(reader, "allowMethods", out.methods);
  out.headers = read_set(reader, "allowHeaders", 64);
  check_values(reader, "allowHeaders", is_header_name, "name of a header");
  check_star(reader, "allowHeaders", out.headers);
  out.exposed = read_set(reader, "exposeHeaders", 64);
  check_values(reader, "exposeHeaders", is_header_name, "name of a header");
  const auto credentials = reader.boolean("allowCredentials");
  out.credentials = credentials && credentials->value;
  if (const auto age = reader.integer("maxAge", 1, 2147483647)) out.max_age = static_cast<std::uint32_t>(age->value);
  return out;
}

std::vector<const FieldTable*> header_filter_tables() { return {&kEdit, &kHeader, &kCors}; }

}  // namespace weir::compiler
