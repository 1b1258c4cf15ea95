#include "compiler/source/tree.h"

namespace weir::compiler {

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, value] : entries)
    if (name.text == key) return &value;
  return nullptr;
}

}  // namespace weir::compiler
