#include "cli/report/snippet.h"

#include <algorithm>

#include "cli/report/display.h"

namespace weir::cli {
namespace {

constexpr std::size_t kWindow = 120;  // columns of a source line that are shown
constexpr std::size_t kBefore = 40;   // of them before the first mark, when the line is cut

/// The part of a line that is shown, with the bytes of the line it covers.
struct Window {
  std::vector<Cell> cells;  // Cell::byte counts from the start of the line
  bool cut_before = false, cut_after = false;
};

/// Snaps to the start of a UTF-8 character.
std::size_t snap(std::string_view line, std::size_t at) {
  while (at > 0 && at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) --at;
  return at;
}

std::size_t total_width(const std::vector<Cell>& cells) {
  std::size_t width = 0;
  for (const Cell& cell : cells) width += cell.width;
  return width;
}

/// `focus` is the byte that must be seen. Only bytes near it are looked at: a line may be 10 MiB long.
Window window_of(std::string_view line, std::size_t focus) {
  focus = std::min(focus, line.size());
  const std::size_t begin = line.size() <= kWindow || focus < kBefore ? 0 : snap(line, focus - kBefore);
  Window window;
  const std::string_view near = line.substr(begin, 4 * kWindow);
  std::size_t width = 0;
  std::vector<Cell> all = cells_of(near);
  const bool fits = begin == 0 && near.size() == line.size() && total_width(all) <= kWindow;
  window.cut_before = begin > 0;
  for (Cell& cell : all) {
    width += cell.width;
    if (!fits && width > kWindow) {
      window.cut_after = true;
      break;
    }
    cell.byte += begin;
    window.cells.push_back(std::move(cell));
  }
  window.cut_after = window.cut_after || begin + near.size() < line.size();
  return window;
}

std::string text_of(const Window& window) {
  std::string text = window.cut_before ? "..." : "";
  for (const Cell& cell : window.cells) text += cell.text;
  return window.cut_after ? text + "..." : text;
}

/// Spaces up to the mark and its carets: at least one, also behind the end of the line.
std::string underline(const Window& window, std::size_t line_size, const Mark& mark) {
  const std::size_t begin = mark.span.column - 1;
  const std::size_t end = mark.span.end_line == mark.span.line ? mark.span.end_column - 1 : line_size;
  std::size_t before = window.cut_before ? 3 : 0, under = 0;
  for (const Cell& cell : window.cells) {
    if (cell.byte < begin) before += cell.width;
    if (cell.byte >= begin && cell.byte < end) under += cell.width;
  }
  std::string row = std::string(before, ' ') + std::string(std::max<std::size_t>(under, 1), mark.primary ? '^' : '-');
  return mark.text.empty() ? row : row + " " + printable(mark.text);
}

/// One source line and the marks on it, `first` to `last`.
void add_line(std::string_view line, const Mark* first, const Mark* last, std::vector<SnippetRow>& rows) {
  const Mark* primary = std::find_if(first, last, [](const Mark& m) { return m.primary; });
  const Mark& focus = primary == last ? *first : *primary;
  const Window window = window_of(line, focus.span.column - 1);
  rows.push_back({std::to_string(first->span.line), text_of(window), false, false});
  for (const Mark* mark = first; mark != last; ++mark)
    rows.push_back({"", underline(window, line.size(), *mark), mark->primary, true});
}

}  // namespace

std::string_view LineTable::line(ir::FileId file, std::uint32_t line) {
  if (file.index >= files_.files.size()) return {};
  const ir::File& source = files_.at(file);
  if (!source.text || source.secret || line == 0) return {};
  const std::string_view text = *source.text;
  auto& starts = starts_[file];
  if (starts.empty()) {
    starts.push_back(0);
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) starts.push_back(at + 1);
  }
  if (line > starts.size()) return {};
  const std::size_t begin = starts[line - 1];
  std::string_view found = text.substr(begin, text.find('\n', begin) - begin);
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

std::vector<SnippetRow> snippet(LineTable& lines, const std::vector<Mark>& marks) {
  std::vector<SnippetRow> rows;
  for (std::size_t first = 0; first < marks.size();) {
    std::size_t last = first;
    while (last < marks.size() && marks[last].span.line == marks[first].span.line) ++last;
    const auto line = lines.line(marks[first].span.file, marks[first].span.line);
    if (first > 0 && marks[first].span.line > marks[first - 1].span.line + 1) rows.push_back({"...", "", false, false});
    if (line.data() != nullptr) add_line(line, marks.data() + first, marks.data() + last, rows);
    first = last;
  }
  return rows;
}

}  // namespace weir::cli
