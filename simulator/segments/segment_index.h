#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/result.h"
#include "simulator/flows/flow_reader.h"
#include "simulator/segments/format.h"

namespace weir::simulator {

/// Where a block lies in its file and what it holds.
struct BlockInfo {
  std::uint64_t offset = 0, size = 0;
  std::uint64_t flows = 0;
  std::int64_t first = 0, last = 0;  // of its timed flows; equal when there is none
  friend bool operator==(const BlockInfo&, const BlockInfo&) = default;
};

/// A piece of a block whose interval goes on in other blocks.
struct BlockLink {
  std::uint32_t piece, link;
};

/// The end of a segment: everything that is not in a block.
struct SegmentIndex {
  Grouping grouping;
  std::vector<BlockInfo> blocks;
  std::vector<std::vector<BlockLink>> links;  // by block
  std::vector<std::uint32_t> link_sizes;      // pieces of each link
  struct Change {
    std::int64_t time = 0;
    bool timed = false;
    std::string node;
  };
  std::vector<Change> changes;                // of policy, in order of time
  // What the packer's readers said (ReadStats), with node names.
  std::uint64_t malformed = 0, too_long = 0, other = 0, late = 0;
  std::vector<std::uint64_t> malformed_lines;
  std::vector<std::pair<std::string, std::uint64_t>> lost;
  std::vector<std::string> gone;
  std::string damage, remark;
  bool whole = true;  // false: the file is cut off; the blocks are those that could be found
};

[[nodiscard]] std::string footer_bytes(const SegmentIndex&);
/// False: damaged. `grouping` comes from the header.
[[nodiscard]] bool read_footer(std::string_view bytes, SegmentIndex&);

/// The first bytes of a segment.
[[nodiscard]] std::string header_bytes(const Grouping&);
/// An error when they are not, or of a version that this weir does not know.
[[nodiscard]] ir::Result<Grouping> read_header(std::string_view bytes);

}  // namespace weir::simulator
