#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/base/span.h"

namespace weir::compiler {

enum class NodeKind : std::uint8_t { Null, Scalar, Sequence, Mapping };

/// One value of a YAML or JSON document. The same text gives the same tree whichever library read it.
struct Node {
  NodeKind kind = NodeKind::Null;
  ir::Span span;                               // the value; for an absent value (`key:`) the end of the key
  std::string text;                            // Scalar: its value after unescaping
  bool quoted = false;                         // Scalar: quoted, block, or a JSON string: always a string
  std::vector<Node> items;                     // Sequence
  std::vector<std::pair<Node, Node>> entries;  // Mapping, in file order; keys are scalars
  friend bool operator==(const Node&, const Node&) = default;

  /// The value under `key`, or null when there is none. A Null value is returned: it is the caller who treats it as absent.
  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] bool is_null() const { return kind == NodeKind::Null; }
};

/// A `# weir:` comment, for suppressions.
struct WeirComment {
  ir::Span span;
  std::string text;  // after "# weir:", trimmed
  friend bool operator==(const WeirComment&, const WeirComment&) = default;
};

/// One Kubernetes object: a document, or an item of a `kind: List`.
struct Document {
  Node root;
  std::string cluster;  // NAME of NAME=PATH, else empty
  bool readable = true;
};

}  // namespace weir::compiler
