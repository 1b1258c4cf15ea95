#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ir/base/result.h"
#include "simulator/flows/byte_source.h"
#include "simulator/flows/decode.h"
#include "simulator/flows/record.h"
#include "simulator/flows/slice.h"

namespace weir::simulator {

/// What was read of one recording, and what is missing of it.
struct ReadStats {
  std::uint64_t read = 0;       // flow records
  std::uint64_t malformed = 0;  // lines that are neither a flow nor another known record
  std::uint64_t too_long = 0;   // of these: over the line limit
  std::uint64_t other = 0;      // agent and debug events, node status
  std::vector<std::uint64_t> malformed_lines;             // the first few, counted from the start of the file
  std::vector<std::uint64_t> too_long_lines;              // of these: over the line limit
  std::map<std::uint32_t, std::uint64_t> lost;            // NodeNameId -> events lost
  std::set<std::uint32_t> gone;                           // nodes a relay reported as missing
  std::string damage;           // why the input is not complete; empty: it is
  std::string remark;           // odd, but nothing is lost
};

/// A recording -> records, one at a time, whatever its shape (flows.md 1.1): plain, gzip or zstd; wrapped, bare, in
/// arrays, pretty-printed, behind a container runtime's prefix. Memory does not depend on the file.
class FlowReader {
 public:
  /// `ahead`: a thread of its own reads and unpacks; worth it for a single recording.
  /// Of a slice, the lines that begin in it; `Record::line` counts from the slice's begin.
  [[nodiscard]] static ir::Result<FlowReader> open(const Slice&, Interned&, bool ahead = false);
  [[nodiscard]] static ir::Result<FlowReader> open(const std::string& path, Interned&, bool ahead = false);
  FlowReader(FlowReader&&) noexcept;
  ~FlowReader();

  /// The next flow or policy-changing agent event; false at the end. Everything else goes into stats().
  bool next(Record&);
  /// Complete once next() gave false.
  [[nodiscard]] const ReadStats& stats() const;
  /// Bytes taken from the disk so far, about.
  [[nodiscard]] std::uint64_t consumed() const;

 private:
  struct State;
  explicit FlowReader(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace weir::simulator
