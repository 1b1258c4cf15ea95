#pragma once

#include <string>
#include <vector>

#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// A document of this head may be a list of objects: `items` holds them.
[[nodiscard]] bool is_list(const Node& root);
/// Adds one item of the list `root`, whose own `items` are not looked at.
void add_item(Node item, const Node& root, const std::string& cluster, std::vector<Document>& out, ir::Diagnostics&);
/// Adds the objects of one document: itself, or the items of a `kind: List` (or `PodList`, ...), Lists in Lists too.
/// Items of a typed list carry neither apiVersion nor kind, as the API server returns them: they get the list's.
void add_objects(Node root, const std::string& cluster, std::vector<Document>& out, ir::Diagnostics&);

}  // namespace weir::compiler
