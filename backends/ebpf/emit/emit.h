#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "backends/ebpf/emit/map_contents.h"
#include "ir/tables/table_set.h"

namespace weir::backends {

/// All that the generated C depends on (datapath.md 3 "Specialise the program by shape"). Two policies of one shape run
/// the same object; sizes are powers of two, so that a small change keeps the shape.
struct Shape {
  bool ipv4 = true, ipv6 = false;  // a family that does not occur on the node is dropped, not evaluated
  bool conntrack = true;           // false: every packet is evaluated, replies too (benchmarks, differential tests)
  bool events = true;
  bool audit = false;              // some cell is audited
  std::uint32_t backends = 0;      // of listeners; 0: no listener, and no code for one
  // Elements of each table, one copy.
  std::uint32_t identities = 8, subjects = 8, port_pages = 256, port_remap = 8, rows = 8, cells = 8;
  friend auto operator<=>(const Shape&, const Shape&) = default;
};

/// Identities get room to grow: the agent puts new ones into free indices before a flip.
[[nodiscard]] Shape shape_of(const ir::TableSet&);
/// A short text that names the shape, equal for equal shapes only: the key of an object cache.
[[nodiscard]] std::string shape_key(const Shape&);
/// One self-contained C text; only integers of the shape enter it.
[[nodiscard]] std::string emit_c(const Shape&);

/// `check(tables)` must be empty; the tables are padded to the capacities of `shape_of(tables)`.
[[nodiscard]] MapContents map_contents(const ir::TableSet& tables);
/// --emit maps: the deterministic text form.
[[nodiscard]] std::string to_text(const MapContents&);

}  // namespace weir::backends
