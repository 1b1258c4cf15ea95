#include "compiler/api/selector.h"

#include "compiler/api/names.h"
#include "compiler/api/tables.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr Field kSelectorFields[] = {{"matchExpressions"}, {"matchLabels"}};
constexpr Field kRequirementFields[] = {{"key"}, {"operator"}, {"values"}};

// policy.md 2.1: the text before the first ':' names the source; `$x` means reserved:x.
std::string_view without_source(std::string_view key) {
  if (key.starts_with('$')) return key.substr(1);
  const std::size_t colon = key.find(':');
  return colon == std::string_view::npos ? key : key.substr(colon + 1);
}

void check_key(std::string_view key, ir::Span span, SelectorSyntax syntax, ir::Diagnostics& diagnostics) {
  if (is_label_key(syntax == SelectorSyntax::Cilium ? without_source(key) : key)) return;
  const bool prefixed = syntax == SelectorSyntax::Kubernetes && key.find(':') != std::string_view::npos;
  diagnostics.report({.kind = ir::Code::InvalidValue, .primary = span, .detail = show(key) + " is no label key",
                      .labels = {}, .notes = {},
                      .fix = prefixed ? "remove the source prefix: only Cilium selectors have one" : "", .witness = {}});
}

void check_value(std::string_view value, ir::Span span, ir::Diagnostics& diagnostics) {
  if (is_label_value(value)) return;
  diagnostics.report({.kind = ir::Code::InvalidValue, .primary = span, .detail = show(value) + " is no label value",
                      .labels = {}, .notes = {},
                      .fix = "use at most 63 letters, digits, `-`, `_`, `.`, with a letter or digit at both ends",
                      .witness = {}});
}

LabelRequirement read_match_label(const Node& key, const Node& value, SelectorSyntax syntax,
                                  ir::Diagnostics& diagnostics) {
  check_key(key.text, key.span, syntax, diagnostics);
  LabelRequirement out{key.text, ir::Operator::In, {""}, key.span};
  if (value.is_null()) return out;  // a Go string decodes null as the empty string
  if (const auto text = as_string(value, show(key.text) + " in `matchLabels`", diagnostics)) {
    check_value(text->value, text->span, diagnostics);
    out.values = {text->value};
  }
  return out;
}

ir::Operator to_operator(std::string_view text) {
  if (text == "NotIn") return ir::Operator::NotIn;
  if (text == "Exists") return ir::Operator::Exists;
  return text == "DoesNotExist" ? ir::Operator::DoesNotExist : ir::Operator::In;
}

void check_operator(const FieldReader& reader, ir::Operator op, const std::vector<Located<std::string>>& values) {
  const bool wants_values = op == ir::Operator::In || op == ir::Operator::NotIn;
  if (wants_values && values.empty())
    reader.report(ir::Code::InvalidValue, reader.span("operator"), "`In` and `NotIn` need at least one value");
  if (!wants_values && !values.empty())
    reader.report(ir::Code::InvalidValue, reader.span("values"), "`Exists` and `DoesNotExist` take no values",
                  "remove `values`, or write `In`");
}

LabelRequirement read_requirement(const Node& node, SelectorSyntax syntax, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kLabelSelectorRequirement, diagnostics);
  LabelRequirement out{{}, ir::Operator::In, {}, node.span};
  if (reader.require("key"))
    if (const auto key = reader.string("key")) {
      check_key(key->value, key->span, syntax, diagnostics);
      out.key = key->value;
    }
  const auto values = reader.strings("values").value_or(std::vector<Located<std::string>>{});
  for (const auto& value : values) {
    check_value(value.value, value.span, diagnostics);
    out.values.push_back(value.value);
  }
  if (!reader.require("operator")) return out;
  if (const auto op = reader.one_of("operator", {"In", "NotIn", "Exists", "DoesNotExist"})) {
    out.op = to_operator(op->value);
    check_operator(reader, out.op, values);
  }
  return out;
}

}  // namespace

const FieldTable kLabelSelector{"LabelSelector", kSelectorFields};
const FieldTable kLabelSelectorRequirement{"LabelSelectorRequirement", kRequirementFields};

LabelSelector read_label_selector(const Node& node, SelectorSyntax syntax, ir::Diagnostics& diagnostics) {
  const FieldReader reader(node, kLabelSelector, diagnostics);
  LabelSelector out{{}, node.span};
  if (const Node* labels = reader.get("matchLabels"); labels != nullptr && is_mapping(*labels, "`matchLabels`", diagnostics))
    for (const auto& [key, value] : labels->entries)
      out.requirements.push_back(read_match_label(key, value, syntax, diagnostics));
  const auto expressions = reader.list<LabelRequirement>("matchExpressions", [&](const Node& item) {
    return read_requirement(item, syntax, diagnostics);
  });
  if (expressions) out.requirements.insert(out.requirements.end(), expressions->begin(), expressions->end());
  return out;
}

}  // namespace weir::compiler
