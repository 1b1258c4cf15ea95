#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace weir::simulator {

/// A part of a recording file: the lines that begin in [begin, end), counted in bytes of the file as it lies on disk. What
/// is compressed, in an array or on standard input cannot be entered in the middle: it is one slice.
struct Slice {
  static constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  std::string path;  // "-": standard input
  std::uint64_t begin = 0, end = kAll;
  friend bool operator==(const Slice&, const Slice&) = default;
};

}  // namespace weir::simulator
