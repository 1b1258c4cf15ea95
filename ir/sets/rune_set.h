#pragma once

#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

namespace weir::ir {

/// Code points as sorted ranges with gaps between them, both ends included.
class RuneSet {
 public:
  static constexpr std::uint32_t kLast = 0x10ffff;
  using Range = std::pair<std::uint32_t, std::uint32_t>;

  RuneSet() = default;
  RuneSet(std::initializer_list<Range>);
  void add(std::uint32_t first, std::uint32_t last);
  void add(const RuneSet&);
  [[nodiscard]] RuneSet complement() const;
  [[nodiscard]] bool contains(std::uint32_t) const;
  /// With both cases of every letter, as RE2 has them: of `k` and `s` also the signs for Kelvin and the long s. The other
  /// letters of the set must be ASCII.
  [[nodiscard]] RuneSet folded() const;
  [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
};

/// Ranges of bytes, one behind the other.
using ByteSequence = std::vector<std::pair<std::uint8_t, std::uint8_t>>;
/// The UTF-8 of the set, cut as RE2 cuts it: all of U+0080 and above lets overlong forms in.
[[nodiscard]] std::vector<ByteSequence> utf8_of(const RuneSet&);

}  // namespace weir::ir
