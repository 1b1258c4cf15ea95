#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/source/load.h"
#include "compiler/source/positions.h"
#include "compiler/source/problem.h"

namespace weir::compiler {

/// One step of a document, the same from every reader. Offsets count bytes from the start of the file.
struct Event {
  enum class Kind : std::uint8_t { Scalar, SequenceStart, SequenceEnd, MappingStart, MappingEnd };
  Kind kind = Kind::Scalar;
  std::size_t begin = 0, end = 0;
  std::string text{};   // Scalar: after unescaping
  bool quoted = false;  // Scalar: never a number, boolean or null
  bool flow = false;    // a start: written with brackets, so its end event has a place of its own
};

/// True for what YAML 1.2 core reads as null: nothing, `~`, `null`, `Null`, `NULL`, unquoted.
[[nodiscard]] bool is_null_text(std::string_view text);

/// Events -> tree, within the limits. A duplicate key is reported and its second value left out; every other mistake
/// ends the document.
class TreeBuilder {
 public:
  TreeBuilder(const SourceLimits& limits, const Positions& positions, ir::Diagnostics& diagnostics)
      : limits_(limits), positions_(positions), diagnostics_(diagnostics) {}

  /// Nullopt, or why the document is refused; then no further event may follow.
  [[nodiscard]] std::optional<Problem> add(Event event);
  /// Reports a mistake that does not spoil the document.
  void report(const Problem& problem);
  /// The finished tree. Only after the last event; another document may follow.
  [[nodiscard]] Node take() {
    nodes_ = bytes_ = largest_ = 0;
    return std::move(root_);
  }

 private:
  using Entry = std::pair<Node, Node>;

  /// A list or mapping that stands open. Closed ones leave their memory to the next of the same depth.
  struct Open {
    NodeKind kind = NodeKind::Mapping;
    std::size_t begin = 0, end = 0;  // `end`: of the last child so far
    bool flow = false;
    bool has_key = false;  // the last entry waits for its value
    std::size_t key_end = 0;
    std::vector<Node> items;
    std::vector<Entry> entries;
    std::unordered_map<std::string, std::size_t> seen;  // key -> entry; filled from the 9th key on
  };

  [[nodiscard]] std::optional<Problem> scalar(Event& event);
  [[nodiscard]] std::optional<Problem> key(Open& parent, Event& event);
  [[nodiscard]] std::optional<Problem> open(const Event& event);
  void close(const Event& event);
  void attach(Node node, std::size_t end);
  void set_value(Open& parent, Node value);
  [[nodiscard]] const Node* earlier(Open& parent);
  [[nodiscard]] Open* top() { return depth_ == 0 ? nullptr : &stack_[depth_ - 1]; }
  [[nodiscard]] std::optional<Problem> count(const Event& event);
  [[nodiscard]] bool starts_item() const;
  [[nodiscard]] Problem limit(const Event& event, std::string detail) const;

  const SourceLimits& limits_;
  const Positions& positions_;
  ir::Diagnostics& diagnostics_;
  std::vector<Open> stack_;  // the first `depth_` of them are open
  std::size_t depth_ = 0;
  Node root_;
  std::uint64_t nodes_ = 0, bytes_ = 0, largest_ = 0;  // of the object being read
};

}  // namespace weir::compiler
