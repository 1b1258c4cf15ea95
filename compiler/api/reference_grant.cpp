// ReferenceGrant (gateway.md 32).
#include "compiler/api/gateway_parts.h"
#include "compiler/api/gateway_rules.h"
#include "compiler/api/gateway_tables.h"
#include "compiler/api/names.h"
#include "compiler/api/readers.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr FieldTable kGrant{"ReferenceGrant", kGatewayObjectFields};
constexpr Field kSpecFields[] = {{"from"}, {"to"}};
constexpr FieldTable kSpec{"ReferenceGrantSpec", kSpecFields};
constexpr Field kFromFields[] = {{"group"}, {"kind"}, {"namespace"}};
constexpr FieldTable kFrom{"ReferenceGrantFrom", kFromFields};
constexpr Field kToFields[] = {{"group"}, {"kind"}, {"name"}};
constexpr FieldTable kTo{"ReferenceGrantTo", kToFields};

/// Both are required; the core group is written "".
std::pair<std::string, std::string> read_kind(const FieldReader& reader) {
  reader.require("group");
  std::pair<std::string, std::string> out{text_of(reader, "group"), text_of(reader, "kind")};
  if (!out.first.empty() && !is_dns_subdomain(out.first))
    reader.report(ir::Code::InvalidValue, reader.span("group"), show(out.first) + " cannot be the group of an object");
  if (reader.require("kind") && !is_kind_name(out.second))
    reader.report(ir::Code::InvalidValue, reader.span("kind"), show(out.second) + " cannot be the kind of an object");
  return out;
}

GrantFrom read_from(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kFrom, diagnostics);
  auto [group, kind] = read_kind(reader);
  GrantFrom out{std::move(group), std::move(kind), text_of(reader, "namespace"), node.span};
  if (reader.require("namespace") && !is_dns_label(out.namespace_name))
    reader.report(ir::Code::InvalidValue, reader.span("namespace"),
                  show(out.namespace_name) + " cannot be the name of a namespace");
  return out;
}

GrantTo read_to(const Node& node, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kTo, diagnostics);
  auto [group, kind] = read_kind(reader);
  GrantTo out{std::move(group), std::move(kind), {}, node.span};
  const auto name = reader.string("name");
  if (name && (name->value.empty() || name->value.size() > 253))
    reader.report(ir::Code::InvalidValue, name->span, "`name` must have 1 to 253 characters");
  if (name) out.name = name->value;
  return out;
}

template <class T, class Read>
std::vector<T> read_side(const FieldReader& spec, std::string_view field, Read&& read) {
  auto out = spec.list<T>(field, [&](const Node& item) { return read(item, spec.diagnostics()); }).value_or(std::vector<T>{});
  if (spec.require(field) && (out.empty() || out.size() > 16))
    spec.report(ir::Code::InvalidValue, spec.span(field), "1 to 16 entries of `" + std::string(field) + "` are accepted");
  return out;
}

}  // namespace

void read_reference_grant(const Document& document, GatewayObjects& objects, ir::Diagnostics& diagnostics) {
  const FieldReader top(document.root, kGrant, diagnostics);
  ReferenceGrantObject out;
  out.meta = read_meta(top, document, Scope::Namespaced);
  if (!top.require("spec")) return;
  const FieldReader spec(*top.get("spec"), kSpec, diagnostics);
  out.from = read_side<GrantFrom>(spec, "from", read_from);
  out.to = read_side<GrantTo>(spec, "to", read_to);
  objects.grants.push_back(std::move(out));
}

std::vector<const FieldTable*> reference_grant_tables() { return {&kGrant, &kSpec, &kFrom, &kTo}; }

}  // namespace weir::compiler
