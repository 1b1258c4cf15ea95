#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace weir::ir {

using ByteSet = std::bitset<256>;

/// A regular expression over bytes.
struct RegexNode {
  enum class Kind : std::uint8_t {
    Bytes,     // one of `bytes`
    Sequence,  // all parts, one behind the other; none: the empty text
    Choice,    // one of the parts
    Repeat,    // the one part, `least` to `most` times
    Begin,     // nothing stands before
    End,       // nothing stands behind
  };
  Kind kind = Kind::Sequence;
  ByteSet bytes;
  std::vector<RegexNode> parts;
  std::uint32_t least = 0;
  std::optional<std::uint32_t> most;
};

/// The tree of an expression that RE2 reads (its default options: UTF-8, `^` and `$` for the whole text). Nothing: it is not
/// known, because RE2 refuses it or this reader lacks a part of RE2's syntax: word boundaries, `(?m)`, `\p{..}`, `\Q..\E`, `\C`,
/// `(?i)` with letters beyond ASCII. Never another language than RE2's; tests hold the two together.
[[nodiscard]] std::optional<RegexNode> read_regex(std::string_view pattern);

}  // namespace weir::ir
