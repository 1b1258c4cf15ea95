#include "compiler/source/comments.h"

#include <algorithm>

namespace weir::compiler {
namespace {

constexpr std::string_view kWord = "weir:";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// YAML 1.2 section 6.6: `#` starts a comment at the start of a line or after white space.
bool starts_comment(std::string_view chunk, std::size_t hash) {
  return hash == 0 || chunk[hash - 1] == '\n' || chunk[hash - 1] == ' ' || chunk[hash - 1] == '\t';
}

/// The ranges are in file order and do not overlap.
bool is_opaque(const std::vector<OpaqueRange>& ranges, std::size_t offset) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), offset,
                                      [](std::size_t at, const OpaqueRange& range) { return at < range.begin; });
  return after != ranges.begin() && offset < (after - 1)->end;
}

}  // namespace

std::vector<WeirComment> find_comments(std::string_view chunk, std::size_t base,
                                       const std::vector<OpaqueRange>& opaque, const Positions& positions) {
  std::vector<WeirComment> found;
  for (std::size_t at = chunk.find(kWord); at != std::string_view::npos; at = chunk.find(kWord, at + 1)) {
    const std::size_t hash = chunk.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
    if (at == 0 || hash == std::string_view::npos || chunk[hash] != '#' || !starts_comment(chunk, hash)) continue;
    if (is_opaque(opaque, base + hash)) continue;
    const std::size_t end = std::min(chunk.find('\n', at), chunk.size());
    const std::string_view text = trim(chunk.substr(at + kWord.size(), end - at - kWord.size()));
    found.push_back({positions.span(base + hash, base + end), std::string(text)});
  }
  return found;
}

}  // namespace weir::compiler
