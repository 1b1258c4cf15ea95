#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "compiler/api/fields.h"
#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"
#include "ir/base/span.h"

namespace weir::compiler {

/// A value and where a person wrote it.
template <class T>
struct Located {
  T value{};
  ir::Span span;
  friend auto operator<=>(const Located&, const Located&) = default;
};

using StringMap = std::map<std::string, std::string>;

/// Kubernetes' IntOrString: exactly one of the two is set.
struct IntOrString {
  std::optional<std::int64_t> number;
  std::string text;
  friend auto operator<=>(const IntOrString&, const IntOrString&) = default;
};

enum class ScalarType : std::uint8_t { String, Bool, Integer, Float };

/// The type of a scalar as the API server sees it: plain scalars by the YAML 1.1 rules of Kubernetes, quoted ones strings.
[[nodiscard]] ScalarType scalar_type(const Node&);
/// "a string", "a list", "a boolean" ...
[[nodiscard]] std::string_view describe(const Node&);

// Typed values. Each reports WrongType and answers nothing when the node is something else. `what` names the value for
// people: "`port`". A null is of no type: ask the FieldReader, which treats it as absent.
[[nodiscard]] std::optional<Located<std::string>> as_string(const Node&, std::string_view what, ir::Diagnostics&);
[[nodiscard]] std::optional<Located<std::int64_t>> as_integer(const Node&, std::string_view what, ir::Diagnostics&);
[[nodiscard]] std::optional<Located<bool>> as_boolean(const Node&, std::string_view what, ir::Diagnostics&);
[[nodiscard]] std::optional<Located<IntOrString>> as_int_or_string(const Node&, std::string_view what, ir::Diagnostics&);
[[nodiscard]] bool is_sequence(const Node&, std::string_view what, ir::Diagnostics&);
[[nodiscard]] bool is_mapping(const Node&, std::string_view what, ir::Diagnostics&);

/// Reads one mapping against the table of its type.
///
/// The constructor reports a node that is no mapping, fields that the API does not have (WEIR0101, with the nearest name),
/// fields that weir does not honour (WEIR0102) and fields ignored on purpose (WEIR0109). The getters then give each field
/// by name: absent and null are nullopt (YAML null = absent, policy.md 3.6); an empty list is a list without elements.
/// A name that is not in the table, or not Done or Partly there, is a bug (WEIR_CHECK).
///
///   FieldReader port(node, kNetworkPolicyPort, diagnostics);
///   const auto end = port.integer("endPort", 1, 65535);
///   const auto peers = port.list<Peer>("from", [&](const Node& item) { return read_peer(item, diagnostics); });
class FieldReader {
 public:
  FieldReader(const Node&, const FieldTable&, ir::Diagnostics&);

  /// The value, or null when absent or null.
  [[nodiscard]] const Node* get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return get(name) != nullptr; }
  /// Where to point at for this field: its value, else the mapping.
  [[nodiscard]] ir::Span span(std::string_view name) const;
  [[nodiscard]] ir::Span span() const { return node_.span; }

  [[nodiscard]] std::optional<Located<std::string>> string(std::string_view name) const;
  [[nodiscard]] std::optional<Located<bool>> boolean(std::string_view name) const;
  [[nodiscard]] std::optional<Located<std::int64_t>> integer(std::string_view name) const;
  /// Outside [low, high] is InvalidValue.
  [[nodiscard]] std::optional<Located<std::int64_t>> integer(std::string_view name, std::int64_t low,
                                                             std::int64_t high) const;
  [[nodiscard]] std::optional<Located<IntOrString>> int_or_string(std::string_view name) const;
  [[nodiscard]] std::optional<std::vector<Located<std::string>>> strings(std::string_view name) const;
  [[nodiscard]] std::optional<StringMap> string_map(std::string_view name) const;
  /// A string that must be one of `allowed` (InvalidValue otherwise, with the nearest one).
  [[nodiscard]] std::optional<Located<std::string>> one_of(std::string_view name,
                                                           const std::vector<std::string_view>& allowed) const;

  /// Elements through read(const Node&), which gives a T. A null element is WrongType and left out.
  template <class T, class Read>
  [[nodiscard]] std::optional<std::vector<T>> list(std::string_view name, Read&& read) const {
    const std::vector<const Node*>* found = nullptr;
    std::vector<const Node*> nodes;
    if (elements(name, nodes)) found = &nodes;
    if (found == nullptr) return std::nullopt;
    std::vector<T> out;
    for (const Node* node : nodes) out.push_back(read(*node));
    return out;
  }
  /// A nested object through read(const Node&).
  template <class Read>
  [[nodiscard]] auto object(std::string_view name, Read&& read) const
      -> std::optional<std::decay_t<decltype(read(std::declval<const Node&>()))>> {
    const Node* node = get(name);
    if (node == nullptr) return std::nullopt;
    return read(*node);
  }

  /// Reports MissingField when the field is absent or null; true when it is there.
  bool require(std::string_view name) const;
  void report(ir::Code code, ir::Span span, std::string detail, std::string fix = {}) const;
  [[nodiscard]] ir::Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  [[nodiscard]] bool elements(std::string_view name, std::vector<const Node*>& out) const;
  void check_fields() const;
  void check_field(const Node& key, const Node& value) const;

  const Node& node_;
  const FieldTable& table_;
  ir::Diagnostics& diagnostics_;
};

/// The nearest of `names` to `text`, or empty when none is near (two edits, or only upper and lower case differ).
[[nodiscard]] std::string nearest(std::string_view text, const std::vector<std::string_view>& names);

/// A value of the input for a message: short, in backticks, control and invisible characters escaped.
[[nodiscard]] std::string show(std::string_view text);

}  // namespace weir::compiler
