#pragma once

#include <cstdint>

namespace weir::simulator {

/// How far a run is. Bytes as they lie on disk; a total of 0 is not known (standard input).
struct Progress {
  std::uint64_t bytes_done = 0, bytes_total = 0, flows = 0;
};

}  // namespace weir::simulator
