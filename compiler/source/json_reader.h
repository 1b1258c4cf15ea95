#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "compiler/source/builder.h"
#include "compiler/source/json_tokens.h"

namespace weir::compiler {

struct JsonResult {
  std::optional<Problem> problem;
  Node root;
};

/// One JSON value: simdjson reads `text`, the tokens of the same text give the places and the numbers as written.
/// `text` starts at byte `base` of the file.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;
  [[nodiscard]] JsonResult read(std::string_view text, std::size_t base, const JsonScan& scan, TreeBuilder& builder);

 private:
  struct State;  // memory that one value leaves to the next
  std::unique_ptr<State> state_;
};

/// The object of a scan_json_list with empty `items`, built from the tokens alone; nullopt when a text holds an escape or
/// the builder refuses it.
[[nodiscard]] std::optional<Node> read_json_head(std::string_view text, std::size_t base, const JsonScan& scan,
                                                 TreeBuilder& builder);

}  // namespace weir::compiler
