#include "compiler/source/lists.h"

#include "compiler/source/problem.h"
#include "ir/base/code.h"

namespace weir::compiler {
namespace {

/// The text of a scalar field, or nothing.
std::string_view text_of(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value && value->kind == NodeKind::Scalar ? std::string_view(value->text) : std::string_view();
}

/// A text that nobody wrote: always a string, so that no cut makes it mean something else (`Podd:List` -> `Podd:`).
Node scalar(std::string_view text, const ir::Span& span) {
  Node node;
  node.kind = NodeKind::Scalar;
  node.span = span;
  node.text = text;
  node.quoted = true;
  return node;
}

/// `apiVersion: v1` + `kind: PodList` -> what its items are.
void complete(Node& item, const Node& list) {
  const std::string_view kind = text_of(list, "kind");
  if (item.kind != NodeKind::Mapping || kind == "List") return;
  if (item.find("kind") || item.find("apiVersion")) return;
  const Node& written = *list.find("kind");
  const Node* version = list.find("apiVersion");
  item.entries.emplace_back(scalar("kind", written.span), scalar(kind.substr(0, kind.size() - 4), written.span));
  if (version) item.entries.emplace_back(scalar("apiVersion", version->span), *version);
}

void report_items(const Node& items, ir::Diagnostics& diagnostics) {
  diagnostics.report({.kind = ir::Code::NotAnObject, .primary = items.span,
                      .detail = "`items` of a List must be a list of objects", .labels = {}, .notes = {},
                      .fix = "write the objects as a list: `- apiVersion: ...`", .witness = {}});
}

}  // namespace

bool is_list(const Node& root) {
  const std::string_view kind = text_of(root, "kind");
  // Every list type of Kubernetes ends in List and holds `items`.
  return kind == "List" || (kind.ends_with("List") && root.find("items"));
}

void add_item(Node item, const Node& root, const std::string& cluster, std::vector<Document>& out,
              ir::Diagnostics& diagnostics) {
  complete(item, root);
  add_objects(std::move(item), cluster, out, diagnostics);
}

void add_objects(Node root, const std::string& cluster, std::vector<Document>& out, ir::Diagnostics& diagnostics) {
  if (root.kind != NodeKind::Mapping || !is_list(root)) {
    out.push_back({std::move(root), cluster});
    return;
  }
  Node* items = nullptr;
  for (auto& [key, value] : root.entries)
    if (key.text == "items") items = &value;
  if (!items || items->is_null()) return;
  if (items->kind != NodeKind::Sequence) return report_items(*items, diagnostics);
  // Recursion is bounded by the depth limit of the source.
  for (Node& item : items->items) add_item(std::move(item), root, cluster, out, diagnostics);
}

}  // namespace weir::compiler
