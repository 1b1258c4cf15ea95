#include "compiler/api/gateway_parts.h"

#include "compiler/api/gateway_rules.h"
#include "compiler/api/names.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

void check(const FieldReader& reader, std::string_view field, bool good, std::string_view what) {
  if (const auto text = reader.string(field); text && !good)
    reader.report(ir::Code::InvalidValue, text->span, show(text->value) + " cannot be the " + std::string(what) + " of an object");
}

}  // namespace

std::string text_of(const FieldReader& reader, std::string_view field, std::string_view otherwise) {
  const auto text = reader.string(field);
  return text ? text->value : std::string(otherwise);
}

std::optional<std::uint16_t> port_of(const FieldReader& reader) {
  const auto port = reader.integer("port", 1, 65535);
  return port ? std::optional(static_cast<std::uint16_t>(port->value)) : std::nullopt;
}

void check_count(const FieldReader& reader, std::string_view field, std::size_t size, std::size_t most) {
  if (size > most)
    reader.report(ir::Code::InvalidValue, reader.span(field),
                  "at most " + std::to_string(most) + " `" + std::string(field) + "` are accepted");
}

Target read_target(const FieldReader& reader, const Target& defaults) {
  if (defaults.kind.empty())
    for (const std::string_view field : {"group", "kind"}) reader.require(field);
  const bool named = reader.require("name");
  Target out;
  out.group = text_of(reader, "group", defaults.group);
  out.kind = text_of(reader, "kind", defaults.kind);
  out.name = text_of(reader, "name");
  check(reader, "group", out.group.empty() || is_dns_subdomain(out.group), "group");
  check(reader, "kind", is_kind_name(out.kind), "kind");
  if (named) check(reader, "name", !out.name.empty() && out.name.size() <= 253, "name");
  if (defaults.namespace_name.empty()) return out;
  out.namespace_name = text_of(reader, "namespace", defaults.namespace_name);
  check(reader, "namespace", is_dns_label(out.namespace_name), "namespace");
  return out;
}

ObjectRef to_ref(Target target, ir::Span origin) {
  return {std::move(target.group), std::move(target.kind), std::move(target.namespace_name), std::move(target.name), origin};
}

std::optional<std::uint64_t> milliseconds(std::string_view text) {
  std::uint64_t total = 0;
  int parts = 0;
  while (!text.empty()) {
    std::uint64_t number = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 6; ++digits)
      number = number * 10 + static_cast<std::uint64_t>(text[digits] - '0');
    if (digits == 0 || digits > 5 || ++parts > 4) return std::nullopt;
    text.remove_prefix(digits);
    std::uint64_t unit = 0;
    if (text.starts_with("ms")) unit = 1;
    else if (text.starts_with('s')) unit = 1000;
    else if (text.starts_with('m')) unit = 60'000;
    else if (text.starts_with('h')) unit = 3'600'000;
    else return std::nullopt;
    text.remove_prefix(unit == 1 ? 2 : 1);
    total += number * unit;
  }
  return parts == 0 ? std::nullopt : std::optional(total);
}

std::optional<std::uint64_t> duration_of(const FieldReader& reader, std::string_view field) {
  const auto text = reader.string(field);
  if (!text) return std::nullopt;
  const auto value = milliseconds(text->value);
  if (!value)
    reader.report(ir::Code::InvalidValue, text->span, show(text->value) + " is no duration of the Gateway API",
                  "write up to four numbers of at most five digits, each with `h`, `m`, `s` or `ms`");
  return value;
}

AllowedNamespaces read_namespaces(const Node& node, const FieldTable& table, bool nobody, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, table, diagnostics);
  AllowedNamespaces out;
  std::vector<std::string_view> values = {"All", "Same", "Selector"};
  if (nobody) values.push_back("None");
  const auto from = reader.one_of("from", values);
  const std::string text = from ? from->value : nobody ? "None" : "Same";
  out.from = text == "All"        ? NamespacesFrom::All
             : text == "Selector" ? NamespacesFrom::Selector
             : text == "None"     ? NamespacesFrom::None
                                  : NamespacesFrom::Same;
  out.selector = reader.object("selector", [&](const Node& selector) {
    return read_label_selector(selector, SelectorSyntax::Kubernetes, diagnostics);
  });
  if (out.from == NamespacesFrom::Selector) reader.require("selector");
  return out;
}

void not_simulated(const FieldReader& reader, std::string_view field, std::string why) {
  reader.report(ir::Code::NotSimulated, reader.span(field), "`" + std::string(field) + "` is read and not simulated: " + std::move(why));
}

}  // namespace weir::compiler
