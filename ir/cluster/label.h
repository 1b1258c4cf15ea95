#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace weir::ir {

/// policy.md 1.1: source is k8s, reserved, cidr, fqdn, node, gen ...
struct Label {
  std::string source, key, value;
  friend auto operator<=>(const Label&, const Label&) = default;
};

/// "k8s:app=web", "reserved:host" (no value, no equals sign).
[[nodiscard]] std::string to_text(const Label&);
/// "source:key=value"; without a source it is k8s; "reserved:host" works. Splits at the first ':' before the first '='.
[[nodiscard]] Label parse_label(std::string_view);

/// The labels of one identity, sorted, one value for each (source, key). A plain value.
struct LabelSet {
  std::vector<Label> labels;
  friend auto operator<=>(const LabelSet&, const LabelSet&) = default;

  void set(Label label);  // replaces the value of an equal (source, key)
  [[nodiscard]] const Label* find(std::string_view source, std::string_view key) const;
  [[nodiscard]] bool has(std::string_view source, std::string_view key) const { return find(source, key) != nullptr; }
  [[nodiscard]] bool reserved(std::string_view key) const { return has("reserved", key); }
  /// Any of reserved:world, world-ipv4, world-ipv6 (policy.md 2.6).
  [[nodiscard]] bool world() const;
};

[[nodiscard]] std::string to_text(const LabelSet&);  // "[k8s:app=web k8s:io...=shop]"

}  // namespace weir::ir
