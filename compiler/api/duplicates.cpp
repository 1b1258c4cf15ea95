#include "compiler/api/duplicates.h"

#include <algorithm>

#include "compiler/api/reader.h"

namespace weir::compiler {
namespace {

const Node* child(const Node* node, std::string_view key) {
  return node == nullptr || node->kind != NodeKind::Mapping ? nullptr : node->find(key);
}

std::string text_of(const Node* node) { return node != nullptr && node->kind == NodeKind::Scalar ? node->text : ""; }

using Entry = std::pair<Node, Node>;

/// The entries by key, without those called `but`.
std::vector<const Entry*> by_key(const Node& node, std::string_view but) {
  std::vector<const Entry*> out;
  for (const Entry& entry : node.entries)
    if (but.empty() || entry.first.text != but) out.push_back(&entry);
  std::sort(out.begin(), out.end(), [](const Entry* a, const Entry* b) { return a->first.text < b->first.text; });
  return out;
}

/// Equal but for places, quotes, and the entries called `but`.
bool same(const Node& a, const Node& b, std::string_view but) {
  if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!same(a.items[i], b.items[i], but)) return false;
  const auto left = by_key(a, but), right = by_key(b, but);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](const Entry* x, const Entry* y) {
    return x->first.text == y->first.text && same(x->second, y->second, but);
  });
}

}  // namespace

Duplicates::Found Duplicates::add(const Document& document, std::string_view kind, ir::Diagnostics& diagnostics) {
  const Node* meta = child(&document.root, "metadata");
  const Node* name = child(meta, "name");
  if (text_of(name).empty()) return Found::New;
  std::string space = text_of(child(meta, "namespace"));
  if (space.empty()) space = "default";  // cluster-wide kinds never have one, so this does no harm
  const auto [at, added] = seen_.emplace(Key{document.cluster, kind, space, name->text}, &document);
  if (added) return Found::New;
  if (same(at->second->root, document.root, kind == "Namespace" ? "annotations" : "")) return Found::Same;
  const bool wide = kind == "Namespace" || kind == "Node" || kind == "GatewayClass" || kind.ends_with("AdminNetworkPolicy") ||
                    kind == "ClusterNetworkPolicy";
  diagnostics.report({.kind = ir::Code::DuplicateObject, .primary = name->span,
                      .detail = std::string(kind) + " " + show(wide ? name->text : space + "/" + name->text) + " is there twice",
                      .labels = {{at->second->root.find("metadata")->find("name")->span, "the first one"}}, .notes = {},
                      .fix = "remove or rename one; the second would replace the first", .witness = {}});
  return Found::Different;
}

}  // namespace weir::compiler
