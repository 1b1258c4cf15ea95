#pragma once

#include <string>

#include "compiler/source/load.h"

namespace weir::compiler {

/// A text read as the file `in.yaml` (or `name`).
struct Read {
  ir::Files files;
  ir::Diagnostics diagnostics;
  Sources sources;

  explicit Read(std::string text, std::string name = "in.yaml", SourceLimits limits = {}) {
    sources = read_text(std::move(name), std::move(text), limits, files, diagnostics);
  }
  /// "WEIR0001 3:5 detail" of the first diagnostic, or "".
  [[nodiscard]] std::string first() const {
    if (diagnostics.list().empty()) return "";
    const auto& d = diagnostics.list().front();
    return std::string(ir::info(d.kind).id) + " " + std::to_string(d.primary.line) + ":" +
           std::to_string(d.primary.column) + " " + d.detail;
  }
};

/// "1:1-2:3"
inline std::string text_of(const ir::Span& span) {
  return std::to_string(span.line) + ":" + std::to_string(span.column) + "-" + std::to_string(span.end_line) + ":" +
         std::to_string(span.end_column);
}

/// One line for each node: indent, kind, span, text.
inline void outline(const Node& node, std::string& out, const std::string& indent = "") {
  const char* kinds[] = {"null", "scalar", "seq", "map"};
  out += indent + kinds[static_cast<int>(node.kind)] + " " + text_of(node.span);
  if (node.kind == NodeKind::Scalar) out += (node.quoted ? " \"" : " ") + node.text + (node.quoted ? "\"" : "");
  out += "\n";
  for (const Node& item : node.items) outline(item, out, indent + "  ");
  for (const auto& [key, value] : node.entries) {
    outline(key, out, indent + "  ");
    outline(value, out, indent + "    ");
  }
}

inline std::string outline(const Node& node) {
  std::string out;
  outline(node, out);
  return out;
}

/// Every document of a file.
inline std::string outline(const Sources& sources) {
  std::string out;
  for (const Document& document : sources.documents) outline(document.root, out);
  return out;
}

}  // namespace weir::compiler
