#include "compiler/source/positions.h"

#include <algorithm>
#include <cstring>

namespace weir::compiler {
namespace {

constexpr std::size_t kStride = 64;

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

Positions::Positions(ir::FileId file, std::string_view text) : file_(file), starts_{0} {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    starts_.push_back(at + 1);
}

Positions::Place Positions::place(std::size_t offset) const {
  const bool same = starts_[last_] <= offset && (last_ + 1 == starts_.size() || offset < starts_[last_ + 1]);
  if (!same) last_ = static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), offset) - starts_.begin()) - 1;
  return {static_cast<std::uint32_t>(last_ + 1), static_cast<std::uint32_t>(offset - starts_[last_] + 1)};
}

ir::Span Positions::span(std::size_t begin, std::size_t end) const {
  const Place first = place(begin), last = place(std::max(begin, end));
  return {file_, first.line, first.column, last.line, last.column};
}

CharIndex::CharIndex(std::string_view text) : text_(text) {
  ascii_ = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (ascii_) return;
  std::size_t character = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (continues(text[at])) continue;
    if (character++ % kStride == 0) marks_.push_back(at);
  }
}

std::size_t CharIndex::byte(std::size_t character) const {
  if (ascii_) return std::min(character, text_.size());
  if (character / kStride >= marks_.size()) return text_.size();
  std::size_t at = marks_[character / kStride];
  for (std::size_t left = character % kStride; left > 0 && at < text_.size(); --left) {
    ++at;
    while (at < text_.size() && continues(text_[at])) ++at;
  }
  return at;
}

}  // namespace weir::compiler
