#pragma once

#include <string>
#include <vector>

#include "compiler/source/tree.h"
#include "ir/base/diagnostic.h"

namespace weir::compiler {

/// Adds the objects of one document: itself, or the items of a `kind: List` (or `PodList`, ...), Lists in Lists too.
/// Items of a typed list carry neither apiVersion nor kind, as the API server returns them: they get the list's.
void add_objects(Node root, const std::string& cluster, std::vector<Document>& out, ir::Diagnostics&);

}  // namespace weir::compiler
