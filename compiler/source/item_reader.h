#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "compiler/source/json_tokens.h"
#include "compiler/source/load.h"
#include "compiler/source/positions.h"
#include "compiler/source/problem.h"
#include "compiler/source/tree.h"

namespace weir::compiler {

/// One item of a List: its tree and what was reported on the way, or why it cannot be read.
struct ReadItem {
  Node root;
  ir::Diagnostics diagnostics;
  std::optional<Problem> problem;
};

/// The items of a large JSON List, in order, read in a thread of their own while the caller is at those before: reading a
/// tree and making an object of it cost about the same. What comes out does not depend on the thread.
class ItemReader {
 public:
  /// `text` and `limits` stay where they are; `items` are places in `text`, which begins at byte `base` of the file.
  ItemReader(std::string_view text, std::size_t base, const std::vector<JsonItem>& items, const SourceLimits& limits,
             const Positions& positions);
  /// Whether or not everything was read.
  ~ItemReader();
  ItemReader(const ItemReader&) = delete;
  ItemReader& operator=(const ItemReader&) = delete;

  /// Empty at the end. Nothing comes after an item with a problem.
  [[nodiscard]] std::vector<ReadItem> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::compiler
