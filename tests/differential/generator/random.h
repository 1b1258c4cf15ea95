#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::tests {

/// SplitMix64: the same seed gives the same cases with every library and compiler.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
  }
  /// 0 .. count-1
  [[nodiscard]] std::uint32_t below(std::uint64_t count) { return static_cast<std::uint32_t>(next() % count); }
  [[nodiscard]] bool chance(unsigned percent) { return below(100) < percent; }
  template <class T>
  [[nodiscard]] const T& pick(const std::vector<T>& from) { return from[below(from.size())]; }

 private:
  std::uint64_t state_;
};

}  // namespace weir::tests
