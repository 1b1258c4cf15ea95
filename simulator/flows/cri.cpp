#include "simulator/flows/cri.h"

namespace weir::simulator {
namespace {

std::string_view take_word(std::string_view& text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return {};
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(space + 1);
  return word;
}

}  // namespace

std::optional<CriLine> parse_cri(std::string_view line) {
  // A date first: cheap to refuse.
  if (line.size() < 24 || line[4] != '-' || line[10] != 'T') return std::nullopt;
  const std::string_view time = take_word(line), stream = take_word(line);
  if (time.size() > 40 || (stream != "stdout" && stream != "stderr")) return std::nullopt;
  // Tags are separated by ':'; the first says partial or full.
  const std::string_view tags = take_word(line);
  if (tags.empty() || (tags[0] != 'P' && tags[0] != 'F')) return std::nullopt;
  return CriLine{line, tags[0] == 'P'};
}

}  // namespace weir::simulator
