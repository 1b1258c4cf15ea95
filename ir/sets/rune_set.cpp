// Tested by tests/unit/ir/automaton_test.cpp.
#include "ir/sets/rune_set.h"

#include <algorithm>

namespace weir::ir {
namespace {

constexpr std::uint32_t kKelvin = 0x212a, kLongS = 0x17f;

/// The last code point with this many bytes.
std::uint32_t last_of_length(int bytes) {
  constexpr std::uint32_t kLasts[] = {0x7f, 0x7ff, 0xffff, RuneSet::kLast};
  return kLasts[bytes - 1];
}

std::vector<std::uint8_t> encode(std::uint32_t rune) {
  const auto tail = [&](int shift) { return static_cast<std::uint8_t>(0x80 | (rune >> shift & 0x3f)); };
  if (rune <= 0x7f) return {static_cast<std::uint8_t>(rune)};
  if (rune <= 0x7ff) return {static_cast<std::uint8_t>(0xc0 | rune >> 6), tail(0)};
  if (rune <= 0xffff) return {static_cast<std::uint8_t>(0xe0 | rune >> 12), tail(6), tail(0)};
  return {static_cast<std::uint8_t>(0xf0 | rune >> 18), tail(12), tail(6), tail(0)};
}

void add_utf8(std::uint32_t first, std::uint32_t last, std::vector<ByteSequence>& out);

bool split(std::uint32_t first, std::uint32_t last, std::uint32_t middle, std::vector<ByteSequence>& out) {
  add_utf8(first, middle, out);
  add_utf8(middle + 1, last, out);
  return true;
}

/// Cuts where the lengths or the leading bytes differ; false: one sequence of ranges is enough.
bool cut(std::uint32_t first, std::uint32_t last, std::vector<ByteSequence>& out) {
  for (int bytes = 1; bytes < 4; ++bytes)
    if (first <= last_of_length(bytes) && last_of_length(bytes) < last) return split(first, last, last_of_length(bytes), out);
  if (last <= 0x7f) return false;
  for (int bytes = 1; bytes < 4; ++bytes) {
    const std::uint32_t mask = (1u << (6 * bytes)) - 1;
    if ((first & ~mask) == (last & ~mask)) continue;
    if ((first & mask) != 0) return split(first, last, first | mask, out);
    if ((last & mask) != mask) return split(first, last, (last & ~mask) - 1, out);
  }
  return false;
}

void add_utf8(std::uint32_t first, std::uint32_t last, std::vector<ByteSequence>& out) {
  if (first == 0x80 && last == RuneSet::kLast) {
    const std::pair<std::uint8_t, std::uint8_t> tail{0x80, 0xbf};
    out.push_back({{0xc2, 0xdf}, tail});
    out.push_back({{0xe0, 0xef}, tail, tail});
    out.push_back({{0xf0, 0xf4}, tail, tail, tail});
    return;
  }
  if (cut(first, last, out)) return;
  const auto low = encode(first), high = encode(last);
  ByteSequence one;
  for (std::size_t i = 0; i < low.size(); ++i) one.emplace_back(low[i], high[i]);
  out.push_back(std::move(one));
}

}  // namespace

RuneSet::RuneSet(std::initializer_list<Range> ranges) {
  for (const auto& [first, last] : ranges) add(first, last);
}

void RuneSet::add(std::uint32_t first, std::uint32_t last) {
  std::vector<Range> out;
  for (const Range& range : ranges_) {
    // Those that touch become one.
    const bool apart = range.second + 1 < first || last + 1 < range.first;
    if (apart) out.push_back(range);
    else first = std::min(first, range.first), last = std::max(last, range.second);
  }
  out.emplace_back(first, last);
  std::sort(out.begin(), out.end());
  ranges_ = std::move(out);
}

void RuneSet::add(const RuneSet& other) {
  for (const auto& [first, last] : other.ranges_) add(first, last);
}

RuneSet RuneSet::complement() const {
  RuneSet out;
  std::uint32_t next = 0;
  for (const auto& [first, last] : ranges_) {
    if (first > next) out.ranges_.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= kLast) out.ranges_.emplace_back(next, kLast);
  return out;
}

bool RuneSet::contains(std::uint32_t rune) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) { return range.first <= rune && rune <= range.second; });
}

RuneSet RuneSet::folded() const {
  RuneSet out = *this;
  for (std::uint32_t small = 'a'; small <= 'z'; ++small) {
    const std::uint32_t big = small - 'a' + 'A';
    if (!contains(small) && !contains(big)) continue;
    out.add(small, small);
    out.add(big, big);
    if (small == 'k') out.add(kKelvin, kKelvin);
    if (small == 's') out.add(kLongS, kLongS);
  }
  return out;
}

std::vector<ByteSequence> utf8_of(const RuneSet& set) {
  std::vector<ByteSequence> out;
  for (const auto& [first, last] : set.ranges()) add_utf8(first, last, out);
  return out;
}

}  // namespace weir::ir
