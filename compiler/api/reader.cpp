#include "compiler/api/reader.h"

#include <algorithm>

#include "ir/base/check.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

const Field* find(const FieldTable& table, std::string_view name) {
  const auto at = std::find_if(table.fields.begin(), table.fields.end(), [&](const Field& f) { return f.name == name; });
  return at == table.fields.end() ? nullptr : &*at;
}

bool empty_collection(const Node& node) {
  return (node.kind == NodeKind::Sequence && node.items.empty()) ||
         (node.kind == NodeKind::Mapping && node.entries.empty());
}

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

}  // namespace

FieldReader::FieldReader(const Node& node, const FieldTable& table, ir::Diagnostics& diagnostics)
    : node_(node), table_(table), diagnostics_(diagnostics) {
  // The name for people is only made when there is something to say: most objects are right.
  if (node.kind == NodeKind::Mapping || is_mapping(node, quoted(table.type), diagnostics)) check_fields();
}

void FieldReader::check_fields() const {
  for (const auto& [key, value] : node_.entries) check_field(key, value);
}

void FieldReader::check_field(const Node& key, const Node& value) const {
  const Field* field = find(table_, key.text);
  if (field == nullptr) {
    std::vector<std::string_view> names;
    for (const Field& known : table_.fields) names.push_back(known.name);
    const std::string near = nearest(key.text, names);
    return report(ir::Code::UnknownField, key.span, std::string(table_.type) + " has no field " + show(key.text),
                  near.empty() ? "" : "write `" + near + "`");
  }
  if (field->support != Support::Unsupported && field->support != Support::Ignored) return;
  if (value.is_null() || (field->empty_is_absent && empty_collection(value))) return;
  const std::string because = field->note.empty() ? "" : ": " + std::string(field->note);
  if (field->support == Support::Unsupported)
    report(ir::Code::UnsupportedField, key.span,
           quoted(field->name) + " of " + std::string(table_.type) + " is not honoured yet" + because);
  if (field->support == Support::Ignored)
    report(ir::Code::FieldIgnored, key.span,
           quoted(field->name) + " of " + std::string(table_.type) + " has no effect here" + because);
}

const Node* FieldReader::get(std::string_view name) const {
  const Field* field = find(table_, name);
  WEIR_CHECK(field != nullptr && (field->support == Support::Done || field->support == Support::Partly));
  if (node_.kind != NodeKind::Mapping) return nullptr;
  const Node* value = node_.find(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

ir::Span FieldReader::span(std::string_view name) const {
  const Node* value = get(name);
  return value == nullptr ? node_.span : value->span;
}

std::optional<Located<std::string>> FieldReader::string(std::string_view name) const {
  const Node* value = get(name);
  return value == nullptr ? std::nullopt : as_string(*value, quoted(name), diagnostics_);
}

std::optional<Located<bool>> FieldReader::boolean(std::string_view name) const {
  const Node* value = get(name);
  return value == nullptr ? std::nullopt : as_boolean(*value, quoted(name), diagnostics_);
}

std::optional<Located<std::int64_t>> FieldReader::integer(std::string_view name) const {
  const Node* value = get(name);
  return value == nullptr ? std::nullopt : as_integer(*value, quoted(name), diagnostics_);
}

std::optional<Located<std::int64_t>> FieldReader::integer(std::string_view name, std::int64_t low,
                                                          std::int64_t high) const {
  auto value = integer(name);
  if (!value || (low <= value->value && value->value <= high)) return value;
  report(ir::Code::InvalidValue, value->span,
         quoted(name) + " must be " + std::to_string(low) + " to " + std::to_string(high) + ", not " +
             std::to_string(value->value));
  return std::nullopt;
}

std::optional<Located<IntOrString>> FieldReader::int_or_string(std::string_view name) const {
  const Node* value = get(name);
  return value == nullptr ? std::nullopt : as_int_or_string(*value, quoted(name), diagnostics_);
}

std::optional<std::vector<Located<std::string>>> FieldReader::strings(std::string_view name) const {
  std::vector<const Node*> nodes;
  if (!elements(name, nodes)) return std::nullopt;
  std::vector<Located<std::string>> out;
  for (const Node* node : nodes)
    if (auto text = as_string(*node, "an element of " + quoted(name), diagnostics_)) out.push_back(std::move(*text));
  return out;
}

std::optional<StringMap> FieldReader::string_map(std::string_view name) const {
  const Node* node = get(name);
  if (node == nullptr || !is_mapping(*node, quoted(name), diagnostics_)) return std::nullopt;
  StringMap out;
  for (const auto& [key, value] : node->entries) {
    if (value.is_null()) {
      out[key.text] = "";  // a Go string decodes null as the empty string
      continue;
    }
    if (auto text = as_string(value, show(key.text) + " in " + quoted(name), diagnostics_))
      out[key.text] = std::move(text->value);
  }
  return out;
}

std::optional<Located<std::string>> FieldReader::one_of(std::string_view name,
                                                        const std::vector<std::string_view>& allowed) const {
  auto text = string(name);
  if (!text || std::find(allowed.begin(), allowed.end(), text->value) != allowed.end()) return text;
  std::string list;
  for (const std::string_view value : allowed) list += (list.empty() ? "" : ", ") + quoted(value);
  const std::string near = nearest(text->value, allowed);
  report(ir::Code::InvalidValue, text->span, quoted(name) + " must be one of " + list + ", not " + show(text->value),
         near.empty() ? "" : "write `" + near + "`");
  return std::nullopt;
}

bool FieldReader::elements(std::string_view name, std::vector<const Node*>& out) const {
  const Node* value = get(name);
  if (value == nullptr || (value->kind != NodeKind::Sequence && !is_sequence(*value, quoted(name), diagnostics_))) return false;
  out.reserve(value->items.size());
  for (const Node& item : value->items) {
    if (!item.is_null()) {
      out.push_back(&item);
      continue;
    }
    // A typed client would read it as an empty object, which may mean everything: never guess.
    report(ir::Code::WrongType, item.span, "an element of " + quoted(name) + " is null",
           "remove the dash, or write `{}` if an empty object is meant");
  }
  return true;
}

bool FieldReader::require(std::string_view name) const {
  if (has(name)) return true;
  report(ir::Code::MissingField, node_.span, std::string(table_.type) + " needs " + quoted(name));
  return false;
}

void FieldReader::report(ir::Code code, ir::Span span, std::string detail, std::string fix) const {
  diagnostics_.report(
      {.kind = code, .primary = span, .detail = std::move(detail), .labels = {}, .notes = {}, .fix = std::move(fix), .witness = {}});
}

}  // namespace weir::compiler
