#include "compiler/source/split.h"

namespace weir::compiler {
namespace {

/// `---` or `...` followed by white space or the end.
bool is_marker(std::string_view line, std::string_view marker) {
  return line.starts_with(marker) && (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

void add(std::vector<Chunk>& chunks, std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view piece = text.substr(begin, end - begin);
  if (first_content(piece) != std::string_view::npos) chunks.push_back({begin, piece});
}

}  // namespace

std::size_t first_content(std::string_view text) {
  std::size_t at = is_marker(text.substr(0, text.find('\n')), "---") ? 3 : 0;
  while (at < text.size()) {
    if (text[at] == '#') {
      at = text.find('\n', at);
      if (at == std::string_view::npos) return at;
    } else if (is_marker(text.substr(at, text.find('\n', at) - at), "...") && (at == 0 || text[at - 1] == '\n')) {
      at += 3;
    } else if (text[at] != ' ' && text[at] != '\t' && text[at] != '\r' && text[at] != '\n') {
      return at;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

std::vector<Chunk> split_documents(std::string_view text) {
  std::vector<Chunk> chunks;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t newline = text.find('\n', at);
    const std::size_t next = newline == std::string_view::npos ? text.size() : newline + 1;
    const std::string_view line = text.substr(at, next - at - (newline == std::string_view::npos ? 0 : 1));
    const bool starts = is_marker(line, "---"), ends = is_marker(line, "...");
    if (starts && at > begin) {
      add(chunks, text, begin, at);
      begin = at;
    }
    if (ends) {
      add(chunks, text, begin, next);
      begin = next;
    }
    at = next;
  }
  if (begin < text.size()) add(chunks, text, begin, text.size());
  return chunks;
}

}  // namespace weir::compiler
