// Typed scalars. A plain scalar has the type that Kubernetes' own YAML reader gives it (YAML 1.1 booleans included),
// because that is what the API server then sees: `port: 80` is a number, `port: "80"` a string.
// Tested by tests/unit/compiler/resolve/reader_test.cpp.

#include <algorithm>
#include <array>
#include <charconv>

#include "compiler/api/reader.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

constexpr std::array<std::string_view, 22> kBooleans = {"true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes",
                                                        "YES",  "no",   "No",   "NO",    "on",    "On",    "ON",  "off",
                                                        "Off",  "OFF",  "y",    "Y",     "n",     "N"};
constexpr std::array<std::string_view, 13> kSpecialFloats = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf", "+.INF", "-.inf",
                                                             "-.Inf", "-.INF", ".nan",  ".NaN",  ".NAN",  ".Nan"};

bool digits_of_base(std::string_view text, int base) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    const int lower = c >= 'A' && c <= 'F' ? c + 32 : c;
    const int digit = lower >= '0' && lower <= '9' ? lower - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
    return digit < base || c == '_';
  });
}

bool integer_text(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty() || text[0] == '_') return false;
  const std::string_view head = text.substr(0, 2);
  if (head == "0x") return digits_of_base(text.substr(2), 16);
  if (head == "0b") return digits_of_base(text.substr(2), 2);
  if (head == "0o") return digits_of_base(text.substr(2), 8);
  return digits_of_base(text, 10);
}

// [-+]? digits? . digits? (e [-+]? digits)? with at least one digit before the exponent.
bool float_text(std::string_view text) {
  if (std::find(kSpecialFloats.begin(), kSpecialFloats.end(), text) != kSpecialFloats.end()) return true;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const auto run = [&] {
    std::size_t n = 0;
    while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
    text.remove_prefix(n);
    return n;
  };
  std::size_t mantissa = run();
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    mantissa += run();
  }
  if (mantissa == 0) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return run() > 0 && text.empty();
}

void wrong_type(const Node& node, std::string_view what, std::string_view wanted, std::string fix,
                ir::Diagnostics& diagnostics) {
  diagnostics.report({.kind = ir::Code::WrongType, .primary = node.span,
                      .detail = std::string(what) + " must be " + std::string(wanted) + ", not " + std::string(describe(node)),
                      .labels = {}, .notes = {}, .fix = std::move(fix), .witness = {}});
}

bool is_scalar(const Node& node, ScalarType type) { return node.kind == NodeKind::Scalar && scalar_type(node) == type; }

// Booleans for some YAML 1.1 readers only.
bool is_ambiguous(const Node& node) {
  return !node.quoted && node.text.size() == 1 && std::string_view("yYnN").find(node.text[0]) != std::string_view::npos;
}

// Decimal, as JSON writes it: an octal 010 or 0x50 would be read as another number than a person sees.
std::optional<std::int64_t> decimal(std::string_view text) {
  const std::string_view digits = text.substr(0, 1) == "-" ? text.substr(1) : text;
  if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

ScalarType scalar_type(const Node& node) {
  if (node.quoted) return ScalarType::String;
  if (std::find(kBooleans.begin(), kBooleans.end(), node.text) != kBooleans.end()) return ScalarType::Bool;
  if (integer_text(node.text)) return ScalarType::Integer;
  return float_text(node.text) ? ScalarType::Float : ScalarType::String;
}

std::string_view describe(const Node& node) {
  switch (node.kind) {
    case NodeKind::Null: return "null";
    case NodeKind::Sequence: return "a list";
    case NodeKind::Mapping: return "a mapping";
    case NodeKind::Scalar: break;
  }
  switch (scalar_type(node)) {
    case ScalarType::Bool: return "a boolean";
    case ScalarType::Integer: return "a number";
    case ScalarType::Float: return "a decimal number";
    case ScalarType::String: break;
  }
  return "a string";
}

std::optional<Located<std::string>> as_string(const Node& node, std::string_view what, ir::Diagnostics& diagnostics) {
  if (node.kind == NodeKind::Scalar && is_ambiguous(node)) {
    diagnostics.report({.kind = ir::Code::AmbiguousBoolean, .primary = node.span,
                        .detail = std::string(what) + " is read as the string `" + node.text + "`; kubectl reads a boolean",
                        .labels = {}, .notes = {}, .fix = "quote it: \"" + node.text + "\"", .witness = {}});
    return Located<std::string>{node.text, node.span};
  }
  if (is_scalar(node, ScalarType::String)) return Located<std::string>{node.text, node.span};
  const bool plain = node.kind == NodeKind::Scalar && node.text.size() <= 63;
  wrong_type(node, what, "a string", plain ? "quote it: \"" + node.text + "\"" : "", diagnostics);
  return std::nullopt;
}

std::optional<Located<std::int64_t>> as_integer(const Node& node, std::string_view what, ir::Diagnostics& diagnostics) {
  if (is_scalar(node, ScalarType::Integer)) {
    if (const auto value = decimal(node.text)) return Located<std::int64_t>{*value, node.span};
    wrong_type(node, what, "a plain decimal number", "write it without a leading zero, sign, prefix or underscore",
               diagnostics);
    return std::nullopt;
  }
  const bool quoted_number = node.kind == NodeKind::Scalar && node.quoted && decimal(node.text);
  wrong_type(node, what, "a whole number", quoted_number ? "remove the quotes" : "", diagnostics);
  return std::nullopt;
}

std::optional<Located<bool>> as_boolean(const Node& node, std::string_view what, ir::Diagnostics& diagnostics) {
  if (is_scalar(node, ScalarType::Bool)) {
    const char first = node.text[0] | 0x20;
    const bool value = first == 't' || first == 'y' || ((node.text[1] | 0x20) == 'n' && first == 'o');
    return Located<bool>{value, node.span};
  }
  const bool quoted_boolean = node.quoted && (node.text == "true" || node.text == "false");
  wrong_type(node, what, "true or false", quoted_boolean ? "remove the quotes" : "", diagnostics);
  return std::nullopt;
}

std::optional<Located<IntOrString>> as_int_or_string(const Node& node, std::string_view what,
                                                     ir::Diagnostics& diagnostics) {
  if (is_scalar(node, ScalarType::String)) return Located<IntOrString>{{std::nullopt, node.text}, node.span};
  if (is_scalar(node, ScalarType::Integer))
    if (const auto value = decimal(node.text)) return Located<IntOrString>{{*value, ""}, node.span};
  wrong_type(node, what, "a whole number or a string", "", diagnostics);
  return std::nullopt;
}

bool is_sequence(const Node& node, std::string_view what, ir::Diagnostics& diagnostics) {
  if (node.kind == NodeKind::Sequence) return true;
  wrong_type(node, what, "a list", node.kind == NodeKind::Mapping ? "put a dash before its first line" : "", diagnostics);
  return false;
}

bool is_mapping(const Node& node, std::string_view what, ir::Diagnostics& diagnostics) {
  if (node.kind == NodeKind::Mapping) return true;
  wrong_type(node, what, "a mapping", "", diagnostics);
  return false;
}

}  // namespace weir::compiler
